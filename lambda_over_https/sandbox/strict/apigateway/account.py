"""UpdateAccount: the role with which API Gateway writes the execution logs of all stages of a Region."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import role_may, trusting_role
from lambda_over_https.sandbox.iam.requests.access_requests import LOG_ROLE
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request, no_such_path

_SERVICE = "apigateway.amazonaws.com"
_NEEDED = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")


def update_account(call: AwsCall) -> AwsResponse:
    """Answer UpdateAccount: all of its operations take effect, or none."""
    account = apigateway_backend(call.region).account
    roles = [_role(operation) for operation in call.parameters.get("patchOperations") or []]
    if roles:
        account.cloudwatch_role_arn = roles[-1] or None
    return AwsResponse.json(200, account.to_json())


def check_log_role(region: str) -> None:
    """Execution logs need the account's role."""
    if not apigateway_backend(region).account.cloudwatch_role_arn:
        raise bad_request("CloudWatch Logs role ARN must be set in account settings to enable logging")


def _role(operation: Mapping[str, Any]) -> str:
    """The ARN that an operation sets; empty if it takes the role away."""
    if operation.get("path") != LOG_ROLE or operation.get("op") not in ("replace", "add", "remove"):
        raise no_such_path(operation, [LOG_ROLE])
    arn = "" if operation["op"] == "remove" else str(operation.get("value") or "")
    role = trusting_role(arn, _SERVICE) if arn else None
    if arn and (role is None or not _may_log(role)):
        raise bad_request(
            "The role ARN does not have required permissions configured. Please grant trust permission for "
            "API Gateway and add the required role policy."
        )
    return arn


def _may_log(role: Any) -> bool:
    return all(role_may(role, AccessRequest(action, ["arn:aws:logs:*:*:*"])) for action in _NEEDED)
