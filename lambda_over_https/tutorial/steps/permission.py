"""Step 3.6: the permission to invoke."""

from dataclasses import dataclass

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH
from lambda_over_https.tutorial.definition import NOTHING, Api, Statement
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import function_policy
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.words import told

ACTION = "lambda:InvokeFunction"
PRINCIPAL = "apigateway.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Part):
    """One statement of the function's resource policy: this API, this stage, this method may invoke it."""

    statement: Statement

    def name(self, stack: Stack) -> str:
        return self.statement.name

    def source_arn(self, stack: Stack) -> str:
        """Who may invoke: the path is case-sensitive, and must be the resource's."""
        api_id, allowed = stack.id_of(Kind.REST_API), self.statement
        return arns.execute_method(stack.place, api_id, allowed.stage, allowed.verb, PATH)

    def look(self, stack: Stack) -> Sighting:
        name = self.statement.name
        found = function_policy(stack).get(name)
        if found is None:
            return ABSENT
        condition = found.get("Condition", {})
        allowed = condition.get("ArnLike", {}).get("AWS:SourceArn")
        if allowed != self.source_arn(stack):
            return Sighting(Standing.PARTIAL, f"its SourceArn is {told(allowed)}", name)
        if condition != {"ArnLike": {"AWS:SourceArn": allowed}}:
            return Sighting(Standing.PARTIAL, "it has further conditions", name)
        for member, right in (("Principal", {"Service": PRINCIPAL}), ("Action", ACTION)):
            if found.get(member) != right:
                return Sighting(Standing.PARTIAL, f"its {member} is {told(found.get(member))}", name)
        return Sighting(Standing.OURS, id=name)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.PARTIAL:
            _remove(stack, self.statement.name)
        stack.cloud.lambda_.add_permission(
            FunctionName=stack.names.function,
            StatementId=self.statement.name,
            Action=ACTION,
            Principal=PRINCIPAL,
            SourceArn=self.source_arn(stack),
        )
        return Product(self.statement.name)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        return _remove(stack, self.statement.name)


def _remove(stack: Stack, statement: str) -> bool:
    lambda_ = stack.cloud.lambda_
    return deleted(
        lambda: lambda_.remove_permission(FunctionName=stack.names.function, StatementId=statement),
        lambda_.exceptions.ResourceNotFoundException,
    )


def _part(statement: Statement) -> Permission:
    return Permission(
        kind=Kind.PERMISSION,
        owner=Kind.FUNCTION,
        creates=("lambda:AddPermission",),
        updates=("lambda:RemovePermission", "lambda:AddPermission"),
        removes=("lambda:RemovePermission",),
        cascades=True,
        rests_on=(Kind.FUNCTION, Kind.REST_API),
        chapter=statement.chapter,
        statement=statement,
    )


def step(api: Api, former: Api = NOTHING) -> Step:
    """The step that lets the methods of ``api`` invoke the function, and no longer those of ``former``."""
    parts, leaving = tuple(map(_part, api.statements)), tuple(map(_part, former.statements))
    return Step(lesson("3.6"), needs=("2.3", "3.1"), parts=lambda _: parts, former=lambda _: leaving)
