"""Authentication: who has signed a request: the operator, an IAM user or the session of a role."""

import datetime
from urllib.parse import parse_qs

from lambda_over_https.sandbox.control.aws_calls import Scope, scope_of
from lambda_over_https.sandbox.control.refusals import (
    access_denied,
    expired_token,
    invalid_token,
    missing_token,
    unauthentic,
)
from lambda_over_https.sandbox.iam.callers import signatures
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from lambda_over_https.sandbox.iam.callers.sessions import Session
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.resource_policy import may
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import FunctionUrl, UrlCaller
from lambda_over_https.sandbox.web.http import Request

_UNSIGNED = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


def utc_now() -> datetime.datetime:
    """The time now."""
    return datetime.datetime.now(datetime.UTC)


class Authentication:
    """Checks the signatures of requests."""

    def __init__(self, access_keys: AccessKeys) -> None:
        self._access_keys = access_keys

    def scope(self, request: Request) -> Scope:
        """The scope of an authentic request, whose access key identifies the caller.

        AwsError if the request is not signed, its key is unknown or expired, or its signature is wrong.
        """
        scope, secret = self._named(request)
        try:
            signatures.check(request, secret, utc_now())
        except AwsError as error:
            raise unauthentic(scope.service, error) from None
        self._check_token(request, scope)
        return scope

    def admit(self, request: Request) -> None:
        """Look at a request's head alone: AwsError if it names no key that is known."""
        self._named(request)

    def _named(self, request: Request) -> tuple[Scope, str]:
        """What the request says that it is signed with, and the secret that belongs to it."""
        scope = scope_of(request)
        if scope is None:
            if "authorization" in request.headers:
                raise unauthentic("", signatures.incomplete(request))
            _check_unsigned(request)
            raise missing_token()
        secret = self._access_keys.secret(scope.access_key)
        if secret is None:
            raise invalid_token(scope.service)
        return scope, secret

    def may_renew_cache(self, request: Request, method_arn: str) -> bool:
        """Whether whoever signed a request to an API may renew what a stage has cached of the method."""
        try:
            principal = self._access_keys.principal(self.scope(request).access_key)
        except AwsError:
            return False
        return principal.may(AccessRequest("execute-api:InvalidateCache", [method_arn]))

    def url_caller(self, request: Request, url: FunctionUrl) -> UrlCaller:
        """Who has signed a request to a function URL of AuthType AWS_IAM.

        AwsError if the signature is wrong, or if neither the caller's policies nor the function's allow the
        call (Lambda guide, "Control access to Lambda function URLs").
        """
        scope = self.scope(request)
        principal = self._access_keys.principal(scope.access_key)
        context = {"lambda:functionurlauthtype": "AWS_IAM", "lambda:invokedviafunctionurl": "true"}
        asked = AccessRequest("lambda:InvokeFunctionUrl", [url.arn], context)
        if (scope.service, scope.region) != ("lambda", url.region) or not may(principal, url.policy, asked):
            raise access_denied("lambda", "")
        user_id = principal.keys.get("aws:userid", scope.access_key)
        return UrlCaller(scope.access_key, ACCOUNT, principal.arn, user_id)

    def _check_token(self, request: Request, scope: Scope) -> None:
        session = self._access_keys.session(scope.access_key)
        token = request.headers.get("x-amz-security-token")
        if token != (session.token if session else None):
            raise invalid_token(scope.service)
        if session is not None:
            _check_session(session, scope.service, utc_now())


def _check_unsigned(request: Request) -> None:
    """Name the calls that STS answers without a signature: the sandbox has none of them."""
    operation = parse_qs(request.body.decode("latin-1")).get("Action", [""])[0]
    if operation in _UNSIGNED:
        raise NotImplementedError(f"{operation} of STS. Use AssumeRole, with a user's access keys.")


def _check_session(session: Session, service: str, now: datetime.datetime) -> None:
    if not session.held:
        raise invalid_token(service)
    if session.expires < now.replace(tzinfo=None):
        raise expired_token(service)
