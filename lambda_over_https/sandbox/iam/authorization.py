"""Authorization: what the policies of a caller allow. The operator, whose keys have none, may do anything."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import LATEST, split_name, statements_of
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import find_function, find_role
from lambda_over_https.sandbox.control.refusals import access_denied, invalid_token
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from lambda_over_https.sandbox.iam.callers.sessions import Session, UserSession
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, decide
from lambda_over_https.sandbox.iam.policies.principals import Principal, role_may
from lambda_over_https.sandbox.iam.policies.resource_policy import decide_for
from lambda_over_https.sandbox.iam.requests.access_requests import PASSING, requested_access
from lambda_over_https.sandbox.iam.requests.resource_keys import resource_keys
from lambda_over_https.sandbox.iam.requests.resources import log_group_resources


class Authorization(Layer):
    """The layer that knows what an authentic caller may do.

    ``check_operator`` may refuse an operator's call, for a fault.
    """

    def __init__(self, access_keys: AccessKeys, check_operator: Callable[[AwsCall], None]) -> None:
        self._access_keys = access_keys
        self._check_operator = check_operator

    def before(self, call: AwsCall) -> None:
        """Refuse what the caller's policies do not allow."""
        if self._access_keys.is_operator(call.access_key):
            self._check_operator(call)
            return
        _check_kind(call, self._access_keys.session(call.access_key))
        if call.service == "sts":  # its own layer knows who may assume a role
            return
        principal = self._access_keys.principal(call.access_key)
        keys = resource_keys(call)
        for request in requested_access(call):
            asked = request if request.action == PASSING else _with_keys(request, keys)
            given = decide_for(principal, [{"Statement": _statements(call)}], asked)
            require(call.service, principal, asked, unless_denied=given == "allowed")

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Tell a function's tags only a caller who may list them (Lambda API reference, GetFunction)."""
        if (call.service, call.operation) == ("lambda", "GetFunction") and not self._may_list_tags(call):
            content = response.document
            content.pop("Tags", None)
            response.document = content

    def _may_list_tags(self, call: AwsCall) -> bool:
        principal = self._access_keys.principal(call.access_key)
        asked = [
            AccessRequest("lambda:ListTags", each.resources, each.context) for each in requested_access(call)
        ]
        return all(principal.may(each) for each in asked)


def _with_keys(request: AccessRequest, keys: Mapping[str, str]) -> AccessRequest:
    """The request with the keys of what it is about."""
    return replace(request, context={**request.context, **keys})


def may_log(role_arn: str, region: str, group: str, stream: str, action: str, function_arn: str = "") -> bool:
    """Whether the role may do ``action`` ("logs:PutLogEvents", for example) on the log group or stream.

    ``function_arn`` is that of the function that logs, if it is one (Lambda guide, "Using source function
    ARN to control function access behavior").
    """
    role = find_role(role_arn)
    if role is None:
        return False
    source = {"lambda:sourcefunctionarn": function_arn} if function_arn else {}
    request = AccessRequest(action, log_group_resources(region, group, stream), source)
    return role_may(role, request)


def _statements(call: AwsCall) -> list[dict[str, Any]]:
    """The resource policy of the function that is called.

    Whom it names needs no policy of their own (IAM guide, "Policy evaluation logic").
    """
    name = call.parameters.get("FunctionName") if call.service == "lambda" else None
    named, qualifier = split_name(name, call.parameters.get("Qualifier")) if name else ("", None)
    function = find_function(call.region, named) if named else None
    return list(statements_of(function, qualifier or LATEST)) if function else []


def _check_kind(call: AwsCall, session: Session | None) -> None:
    """Keys of GetSessionToken without MFA are none for IAM (STS API reference, GetSessionToken)."""
    if call.service == "iam" and isinstance(session, UserSession):
        raise invalid_token("iam")


def require(
    service: str, principal: Principal, request: AccessRequest, *, unless_denied: bool = False
) -> None:
    """Refuse what the caller's policies and boundary do not allow, in AWS's words.

    ``unless_denied`` refuses only what they deny, where a resource's policy allows it already.
    """
    if principal.policies is None:
        return
    asked = principal.asking(request)
    which, decision = "an identity-based policy", decide(principal.policies, asked)
    if decision != "denied" and principal.boundary is not None and (decision == "allowed" or unless_denied):
        which, decision = "a permissions boundary", decide([principal.boundary], asked)
    if decision == "allowed" or (unless_denied and decision != "denied"):
        return
    reason = (
        f"with an explicit deny in {which}"
        if decision == "denied"
        else f"because no {which.partition(' ')[2]} allows the {request.action} action"
    )
    raise access_denied(
        service,
        f"User: {principal.arn} is not authorized to perform: {request.action} "
        f"on resource: {request.resources[0]} {reason}",
    )
