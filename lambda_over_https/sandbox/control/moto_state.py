"""Where moto keeps its state: one function for each of its backends, and look-ups that modules share."""

from typing import Any

from lambda_over_https.sandbox.model.account import ACCOUNT, PARTITION
from lambda_over_https.sandbox.model.errors import AwsError


def lambda_backend(region: str) -> Any:
    """Moto's Lambda of the Region; AwsError if AWS has no such Region."""
    from moto.awslambda_simple.models import lambda_simple_backends

    return _regional(lambda_simple_backends, region)


def lambda_regions() -> list[Any]:
    """Moto's Lambda of each Region that is in use."""
    from moto.awslambda_simple.models import lambda_simple_backends

    return list(lambda_simple_backends[ACCOUNT].values())


def apigateway_backend(region: str) -> Any:
    """Moto's API Gateway of the Region; AwsError if AWS has no such Region."""
    from moto.apigateway.models import apigateway_backends

    return _regional(apigateway_backends, region)


def logs_backend(region: str) -> Any:
    """Moto's CloudWatch Logs of the Region; AwsError if AWS has no such Region."""
    from moto.logs.models import logs_backends

    return _regional(logs_backends, region)


def dynamodb_backend(region: str) -> Any:
    """Moto's DynamoDB of the Region; AwsError if AWS has no such Region."""
    from moto.dynamodb.models import dynamodb_backends

    return _regional(dynamodb_backends, region)


def events_backend(region: str) -> Any:
    """Moto's EventBridge of the Region."""
    from moto.events.models import events_backends

    return _regional(events_backends, region)


def events_regions() -> list[Any]:
    """Moto's EventBridge of each Region in use."""
    from moto.events.models import events_backends

    return list(events_backends[ACCOUNT].values())


def scheduler_backend(region: str) -> Any:
    """Moto's EventBridge Scheduler of the Region."""
    from moto.scheduler.models import scheduler_backends

    return _regional(scheduler_backends, region)


def scheduler_regions() -> list[Any]:
    """Moto's EventBridge Scheduler of each Region in use."""
    from moto.scheduler.models import scheduler_backends

    return list(scheduler_backends[ACCOUNT].values())


def iam_backend() -> Any:
    """Moto's IAM."""
    from moto.iam.models import iam_backends

    return iam_backends[ACCOUNT][PARTITION]


def load_aws_managed_policies() -> None:
    """Load AWS's managed policies (AWSLambdaBasicExecutionRole…): 20 MB, which few users need."""
    from moto.core.config import default_user_config

    backend = iam_backend()
    if not backend.aws_managed_policies:
        default_user_config["iam"] = {"load_aws_managed_policies": True}
        backend.aws_managed_policies = backend._init_aws_policies()  # noqa: SLF001 - moto loads them only at start
        backend.managed_policies.update(backend._init_managed_policies())  # noqa: SLF001


def sts_backend() -> Any:
    """Moto's STS."""
    from moto.sts.models import sts_backends

    return sts_backends[ACCOUNT][PARTITION]


def _regional(backends: Any, region: str) -> Any:
    try:
        return backends[ACCOUNT][region]
    except KeyError:
        raise AwsError("InvalidParameterValue", f"AWS has no Region {region}") from None


def function_arn(region: str, name: str) -> str:
    """The ARN of the function of that name."""
    return f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:function:{name}"


def find_function(region: str, name_or_arn: str, qualifier: str | None = None) -> Any:
    """Moto's function of that name, partial ARN or ARN; None if it does not exist."""
    from moto.core.exceptions import JsonRESTError

    try:
        return lambda_backend(region).get_function(name_or_arn, qualifier)
    except (JsonRESTError, ValueError):
        return None


def find_role(role_arn: str) -> Any:
    """Moto's role of that ARN; None if it does not exist."""
    return next((role for role in list(iam_backend().roles.values()) if role.arn == role_arn), None)


def find_user(user_arn: str) -> Any:
    """Moto's user of that ARN; None if it does not exist."""
    return next((user for user in list(iam_backend().users.values()) if user.arn == user_arn), None)


def find_api(api_id: str) -> Any:
    """Moto's REST API of that id, in whatever Region; None if it does not exist."""
    from moto.apigateway.models import apigateway_backends

    for backend in list(apigateway_backends[ACCOUNT].values()):
        if api_id in backend.apis:
            return backend.apis[api_id]
    return None


def find_role_named(name: str) -> Any:
    """Moto's role of that name; None if it does not exist."""
    return next((role for role in list(iam_backend().roles.values()) if role.name == name), None)
