"""What no step looks at in API Gateway: whether the API's endpoint is on, and what its stage lets pass."""

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.quotas import REQUESTS_A_SECOND
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Remark, Wrong
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE


def endpoint(stack: Stack) -> str:
    """Whether the API has its own endpoint; Wrong if not."""
    api_id = stack.id_of(Kind.REST_API)
    with explained():
        api = stack.cloud.apigateway.get_rest_api(restApiId=api_id)
    if api.get("disableExecuteApiEndpoint"):
        raise Wrong(
            "the API's own endpoint is disabled: every request gets 403",
            f"aws apigateway update-rest-api --rest-api-id {api_id} --patch-operations"
            " op=replace,path=/disableExecuteApiEndpoint,value=false",
        )
    return "enabled"


def throttle(stack: Stack) -> str:
    """What the stage limits, a Remark if it is below the usual; Wrong if it lets nothing pass."""
    remarks = []
    api_id = stack.id_of(Kind.REST_API)
    with explained():
        stage = stack.cloud.apigateway.get_stage(restApiId=api_id, stageName=STAGE)
    for path, settings in stage.get("methodSettings", {}).items():
        if 0 in (settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")):
            resource, _, verb = path.rpartition("/")
            where = f"{resource.replace('/', '~1')}/{verb}"
            raise Wrong(
                f"stage {STAGE} throttles {_method(path)} to nothing: every request gets 429",
                f"aws apigateway update-stage --rest-api-id {api_id} --stage-name {STAGE}"
                f" --patch-operations op=replace,path=/{where}/throttling/rateLimit,value=10000"
                f" op=replace,path=/{where}/throttling/burstLimit,value=5000",
            )
        if "throttlingRateLimit" in settings and settings["throttlingRateLimit"] < REQUESTS_A_SECOND:
            rate, burst = settings["throttlingRateLimit"], settings.get("throttlingBurstLimit")
            with_burst = "" if burst is None else f", burst {burst}"
            remarks.append(f"{_method(path)} is limited to {rate:g} requests a second{with_burst}")
    return Remark("; ".join(remarks)) if remarks else "not limited by the stage"


def _method(path: str) -> str:
    """The method that a stage's settings are for, as its path in them says: ``~1`` stands for the ``/``."""
    resource, _, verb = path.rpartition("/")
    return "every method" if resource == "*" and verb == "*" else f"{verb} {resource.replace('~1', '/')}"
