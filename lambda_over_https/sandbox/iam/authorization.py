"""Authentication and authorization: which keys are known, and what their policies allow.

The sandbox checks no signatures: it runs on the user's own machine. The access key identifies the caller.
Keys that the sandbox has not issued are the operator's, who may do anything.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace

from lambda_over_https.sandbox.control.aws_calls import AwsCall, scope_of
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import find_role, sts_backend
from lambda_over_https.sandbox.control.refusals import access_denied, expired_token, invalid_token
from lambda_over_https.sandbox.iam.access_keys import OPERATOR, AccessKeys, Principal, RoleSession, role_may
from lambda_over_https.sandbox.iam.access_requests import log_group_resources, requested_access
from lambda_over_https.sandbox.iam.policy import AccessRequest, decide
from lambda_over_https.sandbox.iam.resource_keys import resource_keys
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.web.http import Request

_TEMPORARY_KEY = "ASIA"


class Authorization(Layer):
    """The layer that knows the caller. ``check_operator`` may refuse an operator's call, for a fault."""

    def __init__(self, access_keys: AccessKeys, check_operator: Callable[[AwsCall], None]) -> None:
        self._access_keys = access_keys
        self._check_operator = check_operator

    def before(self, call: AwsCall) -> None:
        """Refuse unknown or expired keys, and what the caller's policies do not allow."""
        self._authenticate(call)
        principal = self._access_keys.principal(call.access_key)
        if principal.policies is None:
            return
        keys = resource_keys(call)
        for request in requested_access(call):
            _require(call.service, principal, replace(request, context={**request.context, **keys}))

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Remember the sessions that AssumeRole opens, and name the operator as an IAM user, as AWS does.

        GetFunction includes the tags only for a caller who may list them (Lambda API reference, GetFunction).
        """
        if (call.service, call.operation) == ("lambda", "GetFunction") and not self._may_list_tags(call):
            content = response.document
            content.pop("Tags", None)
            response.document = content
        if call.service != "sts":
            return
        if call.operation == "AssumeRole":
            key = re.search(rb"<AccessKeyId>(\w+)<", response.body)
            assumed = sts_backend().get_assumed_role_from_access_key(key[1].decode()) if key else None
            if assumed is not None:
                self._access_keys.register(assumed, call.parameters.get("Tags") or ())
        elif call.operation == "GetCallerIdentity":
            moto_user = f"arn:aws:sts::{ACCOUNT}:user/moto".encode()
            response.body = response.body.replace(moto_user, OPERATOR.encode())

    def _may_list_tags(self, call: AwsCall) -> bool:
        principal = self._access_keys.principal(call.access_key)
        asked = [
            AccessRequest("lambda:ListTags", each.resources, each.context) for each in requested_access(call)
        ]
        return all(principal.may(each) for each in asked)

    def may_renew_cache(self, request: Request, method_arn: str) -> bool:
        """Whether a signed request to an API may renew what a stage has cached of the method."""
        scope = scope_of(request)
        if scope is None:
            return False
        session = self._access_keys.session(scope.access_key)
        token = session.token if session else None
        if request.headers.get("x-amz-security-token") != token or (
            session is None and scope.access_key.startswith(_TEMPORARY_KEY)
        ):
            return False
        asked = AccessRequest("execute-api:InvalidateCache", [method_arn])
        return self._access_keys.principal(scope.access_key).may(asked)

    def _authenticate(self, call: AwsCall) -> None:
        session = self._access_keys.session(call.access_key)
        if session is not None:
            _check_session(call, session)
        elif call.access_key.startswith(_TEMPORARY_KEY):
            raise invalid_token(call.service)
        else:
            self._check_operator(call)


def _check_session(call: AwsCall, session: RoleSession) -> None:
    role = find_role(session.role_arn)
    token = call.request.headers.get("x-amz-security-token")
    if token != session.token or role is None or role.id != session.role_id:
        raise invalid_token(call.service)
    if session.expires < datetime.datetime.now(datetime.UTC).replace(tzinfo=None):
        raise expired_token(call.service)


def may_log(role_arn: str, region: str, group: str, stream: str, action: str) -> bool:
    """Whether the role may do ``action`` ("logs:PutLogEvents", for example) on the log group or stream."""
    role = find_role(role_arn)
    if role is None:
        return False
    request = AccessRequest(action, log_group_resources(region, group, stream))
    return role_may(role, request)


def _require(service: str, principal: Principal, request: AccessRequest) -> None:
    asked = principal.asking(request)
    which, decision = "an identity-based policy", decide(principal.policies or [], asked)
    if decision == "allowed" and principal.boundary is not None:
        which, decision = "a permissions boundary", decide([principal.boundary], asked)
    if decision == "allowed":
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
