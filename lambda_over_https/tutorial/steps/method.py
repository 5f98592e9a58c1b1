"""Step 3.3: the POST method."""

from typing import Any

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import METHOD
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.resource import PATH
from lambda_over_https.tutorial.steps.step import ABSENT, Kind, Product, Sighting, Standing, Step

AUTHORIZATION = "NONE"


class Method(Kind):
    """POST on /DynamoDBManager, open to everybody as in the tutorial."""

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        method = stack.api_tree().get(PATH, {}).get("resourceMethods", {}).get(METHOD)
        if method is None:
            return ABSENT
        if method.get("authorizationType") != AUTHORIZATION or method.get("apiKeyRequired"):
            return Sighting(Standing.PARTIAL, "it is not open to everybody", METHOD)
        return Sighting(Standing.OURS, id=METHOD)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        apigateway = stack.cloud.apigateway
        if seen.standing is Standing.ABSENT:
            apigateway.put_method(**_where(stack), authorizationType=AUTHORIZATION)
        else:
            apigateway.update_method(
                **_where(stack),
                patchOperations=[
                    {"op": "replace", "path": "/authorizationType", "value": AUTHORIZATION},
                    {"op": "replace", "path": "/apiKeyRequired", "value": "false"},
                ],
            )
        return Product(METHOD)

    def remove(self, stack: Stack, record: Record) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            apigateway.delete_method(**_where(stack))
        except apigateway.exceptions.NotFoundException:
            return False
        return True


def _where(stack: Stack) -> dict[str, Any]:
    return {
        "restApiId": stack.id_of("apigateway:restapi"),
        "resourceId": stack.id_of("apigateway:resource"),
        "httpMethod": METHOD,
    }


POST = Method(
    kind="apigateway:method",
    owner="apigateway:restapi",
    creates=("apigateway:PutMethod",),
    updates=("apigateway:UpdateMethod",),
    cascades=True,
)

STEP = Step(lesson("3.3"), needs=("3.2",), parts=lambda _: (POST,))
