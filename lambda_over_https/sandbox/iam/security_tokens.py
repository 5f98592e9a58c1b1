"""STS: who may assume a role, for how long, and the sessions that are opened.

STS API reference; IAM guide, "Permissions for AssumeRole" and "Permissions for GetSessionToken".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import find_role, sts_backend
from lambda_over_https.sandbox.control.refusals import access_denied
from lambda_over_https.sandbox.iam.authorization import require
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from lambda_over_https.sandbox.iam.callers.sessions import RoleSession
from lambda_over_https.sandbox.iam.policies.principals import Principal
from lambda_over_https.sandbox.iam.policies.resource_policy import decide_for
from lambda_over_https.sandbox.iam.requests.access_requests import requested_access
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.times import zulu

DEFAULT_SECONDS = 3600
"""How long a session of a role lasts if the call does not say; also the most that a role may ask for."""

USERS_SECONDS = 43_200
"""How long a session of GetSessionToken lasts if the call does not say."""

_THROUGH_ACCOUNT = (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")


class SecurityTokens(Layer):
    """The layer that answers for STS. It is inside the one that checks what a call says."""

    services: ClassVar[frozenset[str]] = frozenset({"sts"})

    def __init__(self, access_keys: AccessKeys) -> None:
        self._access_keys = access_keys

    def before(self, call: AwsCall) -> None:
        """Refuse a role to whom it does not trust, and longer sessions than AWS gives."""
        session = self._access_keys.session(call.access_key)
        if call.operation == "GetSessionToken" and session is not None:
            raise access_denied("sts", "Cannot call GetSessionToken with session credentials")
        if call.operation == "AssumeRole":
            _check_trust(call, self._access_keys.principal(call.access_key))
            _check_duration(call.parameters, chained=isinstance(session, RoleSession))

    def instead(self, call: AwsCall, _: Inner) -> AwsResponse | None:
        """Answer what moto does not know: who calls, and temporary keys of users."""
        answers: Mapping[str, Callable[[AwsCall], AwsResponse]] = {
            "GetCallerIdentity": self._identity,
            "GetSessionToken": self._session_token,
        }
        answer = answers.get(call.operation)
        return answer(call) if answer else None

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Remember the session that AssumeRole has opened."""
        if call.operation != "AssumeRole":
            return
        key = re.search(rb"<AccessKeyId>(\w+)<", response.body)
        assumed = sts_backend().get_assumed_role_from_access_key(key[1].decode()) if key else None
        if assumed is not None:
            self._access_keys.register(assumed, call.parameters.get("Tags") or ())

    def _identity(self, call: AwsCall) -> AwsResponse:
        caller = self._access_keys.principal(call.access_key)
        known = {"UserId": caller.keys.get("aws:userid", ""), "Account": ACCOUNT, "Arn": caller.arn}
        return _answered(call.operation, known)

    def _session_token(self, call: AwsCall) -> AwsResponse:
        user_id = self._access_keys.principal(call.access_key).keys["aws:userid"]
        seconds = call.parameters.get("DurationSeconds") or USERS_SECONDS
        key, session = self._access_keys.session_of_user(user_id, seconds)
        credentials = {
            "AccessKeyId": key,
            "SecretAccessKey": session.secret,
            "SessionToken": session.token,
            "Expiration": zulu(session.expires),
        }
        return _answered(call.operation, {"Credentials": credentials})


def _check_trust(call: AwsCall, caller: Principal) -> None:
    """The trust policy must allow assuming the role and, for a session with tags, giving it those.

    Whom it names needs no more; of whom it trusts through the account, the own policies must allow it too.
    """
    role = find_role(call.parameters["RoleArn"])
    trusted = [role.assume_role_policy_document] if role else []
    for request in requested_access(call):
        directly = decide_for(caller, trusted, request)
        through_account = decide_for(caller, trusted, request, _THROUGH_ACCOUNT)
        if "denied" in (directly, through_account) or "allowed" not in (directly, through_account):
            message = f"User: {caller.arn} is not authorized to perform: {request.action} on resource: "
            raise access_denied("sts", message + request.resources[0])
        require("sts", caller, request, unless_denied=directly == "allowed")


def _check_duration(parameters: Mapping[str, Any], *, chained: bool) -> None:
    seconds = parameters.get("DurationSeconds") or DEFAULT_SECONDS
    if chained and seconds > DEFAULT_SECONDS:
        message = "the 1 hour session limit for roles assumed by role chaining."
    elif seconds > int(find_role(parameters["RoleArn"]).max_session_duration or DEFAULT_SECONDS):
        message = "the MaxSessionDuration set for this role."
    else:
        return
    raise AwsError("ValidationError", f"The requested DurationSeconds exceeds {message}")


def _answered(operation: str, members: Mapping[str, Any]) -> AwsResponse:
    return AwsResponse.xml(operation, "https://sts.amazonaws.com/doc/2011-06-15/", _xml(members))


def _xml(members: Mapping[str, Any]) -> str:
    parts = (
        (name, _xml(value) if isinstance(value, Mapping) else escape(str(value)))
        for name, value in members.items()
    )
    return "".join(f"<{name}>{value}</{name}>" for name, value in parts)
