"""Step 3.6: the permission to invoke."""

from dataclasses import dataclass

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, PROD_STATEMENT, STAGE, TEST_STATEMENT
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.reading import function_policy
from lambda_over_https.tutorial.steps.step import ABSENT, Part, Product, Sighting, Standing, Step, deleted

ACTION = "lambda:InvokeFunction"
PRINCIPAL = "apigateway.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Part):
    """One statement of the function's resource policy: this API, this stage, this method may invoke it."""

    statement: str = ""
    stage: str = ""

    def name(self, stack: Stack) -> str:
        return self.statement

    def source_arn(self, stack: Stack) -> str:
        """Who may invoke: the path is case-sensitive, and must be the resource's."""
        place, api_id = stack.place, stack.id_of(Kind.REST_API)
        api = f"arn:{place.partition}:execute-api:{place.region}:{place.account}:{api_id}"
        return f"{api}/{self.stage}/{METHOD}{PATH}"

    def look(self, stack: Stack) -> Sighting:
        found = function_policy(stack).get(self.statement)
        if found is None:
            return ABSENT
        allowed = found.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
        if allowed != self.source_arn(stack):
            return Sighting(Standing.PARTIAL, f"its SourceArn is {allowed}", self.statement)
        for member, right in (("Principal", {"Service": PRINCIPAL}), ("Action", ACTION)):
            if found.get(member) != right:
                return Sighting(Standing.PARTIAL, f"its {member} is {found.get(member)}", self.statement)
        return Sighting(Standing.OURS, id=self.statement)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.PARTIAL:
            _remove(stack, self.statement)
        stack.cloud.lambda_.add_permission(
            FunctionName=stack.names.function,
            StatementId=self.statement,
            Action=ACTION,
            Principal=PRINCIPAL,
            SourceArn=self.source_arn(stack),
        )
        return Product(self.statement)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        return _remove(stack, self.statement)


def _remove(stack: Stack, statement: str) -> bool:
    lambda_ = stack.cloud.lambda_
    return deleted(
        lambda: lambda_.remove_permission(FunctionName=stack.names.function, StatementId=statement),
        lambda_.exceptions.ResourceNotFoundException,
    )


def _permission(statement: str, stage: str) -> Permission:
    return Permission(
        kind=Kind.PERMISSION,
        owner=Kind.FUNCTION,
        creates=("lambda:AddPermission",),
        updates=("lambda:RemovePermission", "lambda:AddPermission"),
        cascades=True,
        rests_on=(Kind.FUNCTION, Kind.REST_API),
        statement=statement,
        stage=stage,
    )


TEST_PERMISSION = _permission(TEST_STATEMENT, "*")
PROD_PERMISSION = _permission(PROD_STATEMENT, STAGE)

STEP = Step(
    lesson("3.6"),
    needs=("2.3", "3.1"),
    parts=lambda _: (TEST_PERMISSION, PROD_PERMISSION),
)
