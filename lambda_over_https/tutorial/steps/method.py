"""Step 3.3: the POST method."""

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.reading import method_address, method_of
from lambda_over_https.tutorial.steps.step import ABSENT, Part, Product, Sighting, Standing, Step, deleted

AUTHORIZATION = "NONE"


class Method(Part):
    """POST on /DynamoDBManager, open to everybody as in the tutorial."""

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        method = method_of(stack)
        if not method:
            return ABSENT
        if method.get("authorizationType") != AUTHORIZATION or method.get("apiKeyRequired"):
            return Sighting(Standing.PARTIAL, "it is not open to everybody", METHOD)
        return Sighting(Standing.OURS, id=METHOD)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        apigateway = stack.cloud.apigateway
        if seen.standing is Standing.ABSENT:
            apigateway.put_method(**method_address(stack), authorizationType=AUTHORIZATION)
        else:
            apigateway.update_method(
                **method_address(stack),
                patchOperations=[
                    {"op": "replace", "path": "/authorizationType", "value": AUTHORIZATION},
                    {"op": "replace", "path": "/apiKeyRequired", "value": "false"},
                ],
            )
        return Product(METHOD)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_method(**method_address(stack)), apigateway.exceptions.NotFoundException
        )


POST = Method(
    kind=Kind.METHOD,
    owner=Kind.REST_API,
    creates=("apigateway:PutMethod",),
    updates=("apigateway:UpdateMethod",),
    cascades=True,
    rests_on=(Kind.RESOURCE,),
    deployed_with=Kind.STAGE,
)

STEP = Step(lesson("3.3"), needs=("3.2",), parts=lambda _: (POST,))
