"""Step 3.2: the resource /DynamoDBManager."""

from collections.abc import Sequence

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH, PATH_PART
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.part import ABSENT, Listing, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import api_tree
from lambda_over_https.tutorial.parts.step import Step


class Resource(Part):
    """The resource; its path becomes part of the URL."""

    def name(self, stack: Stack) -> str:
        return PATH

    def look(self, stack: Stack) -> Sighting:
        resource = api_tree(stack).get(PATH)
        return Sighting(Standing.OURS, id=resource["id"]) if resource else ABSENT

    def make(self, stack: Stack, seen: Sighting) -> Product:
        resource = stack.cloud.apigateway.create_resource(
            restApiId=stack.id_of(Kind.REST_API), parentId=_root(stack), pathPart=PATH_PART
        )
        return Product(resource["id"])

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_resource(restApiId=stack.id_of(Kind.REST_API), resourceId=record.id),
            apigateway.exceptions.NotFoundException,
        )

    def additions(self) -> Sequence[Listing]:
        return additions.resources_below, additions.further_methods


def _root(stack: Stack) -> str:
    """The root resource's id: CreateRestApi's answer says it; only an endpoint that does not is asked."""
    api = stack.record(Kind.REST_API)
    return (api.detail.get("root_resource_id") if api else "") or str(api_tree(stack)["/"]["id"])


RESOURCE = Resource(
    kind=Kind.RESOURCE,
    owner=Kind.REST_API,
    creates=("apigateway:CreateResource",),
    cascades=True,
    rests_on=(Kind.REST_API,),
    deployed_with=Kind.STAGE,
)

STEP = Step(lesson("3.2"), needs=("3.1",), parts=lambda _: (RESOURCE,))
