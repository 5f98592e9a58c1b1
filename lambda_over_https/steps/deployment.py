"""Step 3.5: the deployment and its stage."""

from lambda_over_https.journal import Record
from lambda_over_https.names import STAGE
from lambda_over_https.stack import Stack
from lambda_over_https.steps.step import ABSENT, Kind, Product, Sighting, Standing, Step

# What a deployment is a snapshot of.
_SNAPSHOT_OF = frozenset(
    {
        "apigateway:resource",
        "apigateway:method",
        "apigateway:integration",
        "apigateway:method-response",
        "apigateway:integration-response",
    }
)


class DeployedStage(Kind):
    """Stage ``prod``: what callers see, a snapshot of the API when it was deployed."""

    def name(self, stack: Stack) -> str:
        return STAGE

    def look(self, stack: Stack) -> Sighting:
        apigateway, api_id = stack.cloud.apigateway, stack.id_of("apigateway:restapi")
        try:
            stage = apigateway.get_stage(restApiId=api_id, stageName=STAGE)
        except apigateway.exceptions.NotFoundException:
            return ABSENT
        detail = {"deployment_id": stage["deploymentId"], "invoke_url": stack.invoke_url}
        if _changed_since(stack):
            return Sighting(Standing.PARTIAL, "the API was changed after it was deployed", STAGE, "", detail)
        return Sighting(Standing.OURS, id=STAGE, arn=_arn(stack, api_id), detail=detail)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        api_id = stack.id_of("apigateway:restapi")
        deployment = stack.cloud.apigateway.create_deployment(restApiId=api_id, stageName=STAGE)
        detail = {"deployment_id": deployment["id"], "invoke_url": stack.invoke_url}
        return Product(STAGE, _arn(stack, api_id), detail)

    def remove(self, stack: Stack, record: Record) -> bool:
        apigateway, api_id = stack.cloud.apigateway, stack.id_of("apigateway:restapi")
        try:
            apigateway.delete_stage(restApiId=api_id, stageName=STAGE)
        except apigateway.exceptions.NotFoundException:
            return False
        for deployment in apigateway.get_deployments(restApiId=api_id, limit=500)["items"]:
            apigateway.delete_deployment(restApiId=api_id, deploymentId=deployment["id"])
        return True


def _changed_since(stack: Stack) -> bool:
    deployed = stack.record("apigateway:stage")
    if deployed is None:
        return False
    records = stack.journal.state.records
    return any(each.serial > deployed.serial for each in records if each.kind in _SNAPSHOT_OF)


def _arn(stack: Stack, api_id: str) -> str:
    return f"arn:{stack.place.partition}:apigateway:{stack.place.region}::/restapis/{api_id}/stages/{STAGE}"


DEPLOYED_STAGE = DeployedStage(
    kind="apigateway:stage",
    owner="apigateway:restapi",
    creates=("apigateway:CreateDeployment",),
    updates=("apigateway:CreateDeployment",),
    cascades=True,
)

STEP = Step(
    number="3.5",
    name="deployment",
    title="Deploy the API",
    why=(
        "Nothing of the API can be reached until it is deployed. A deployment is a snapshot, a stage "
        "(prod) is the name under which it is served. Later changes of methods or integrations need a new "
        "deployment."
    ),
    costs="Nothing; a cache would cost by the hour, and there is none.",
    needs=("3.4",),
    parts=lambda _: (DEPLOYED_STAGE,),
)
