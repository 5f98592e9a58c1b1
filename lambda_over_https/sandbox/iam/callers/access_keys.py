"""Who holds which access key."""

import datetime
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.moto_state import iam_backend, sts_backend
from lambda_over_https.sandbox.control.refusals import ROLE_NOT_ASSUMABLE
from lambda_over_https.sandbox.iam.callers.sessions import RoleSession, Session, UserSession
from lambda_over_https.sandbox.iam.policies.principals import (
    LAMBDA,
    NOBODY,
    Principal,
    operator,
    trusting_role,
    user_principal,
)
from lambda_over_https.sandbox.model.account import DEFAULT_REGION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials

SESSION_SECONDS = 12 * 3600
_TOKEN_BYTES = 200
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An access key and its secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


def new_key_pair(prefix: str = "AKIA") -> KeyPair:
    """Random keys in AWS's form; those of sessions have the prefix ASIA."""
    identity = "".join(secrets.choice(_BASE32) for _ in range(16))
    return KeyPair(f"{prefix}{identity}", secrets.token_urlsafe(30))


class AccessKeys:
    """The keys of the operator, of IAM users and of all role sessions."""

    def __init__(self, operator: KeyPair) -> None:
        self._operator = operator
        self._sessions: dict[str, Session] = {}

    def assume_role(self, role_arn: str, function_arn: str) -> Credentials:
        """New keys of the role, as Lambda gets them for a function. AwsError if the role does not let it.

        The session has the function's name, and requests made in it tell the function (Lambda guide, "Using
        source function ARN to control function access behavior"); ``function_arn`` may be a version's.
        """
        source = ":".join(function_arn.split(":")[:7])
        if trusting_role(role_arn, LAMBDA) is None:
            raise AwsError("AccessDeniedException", ROLE_NOT_ASSUMABLE, 403)
        assumed = sts_backend().assume_role(
            region_name=DEFAULT_REGION,
            role_session_name=source.rpartition(":")[2],
            role_arn=role_arn,
            policy="",
            duration=SESSION_SECONDS,
            external_id="",
        )
        self._forget_expired()
        self._sessions[assumed.access_key_id] = RoleSession.of(assumed, source_function=source)
        return Credentials(assumed.access_key_id, assumed.secret_access_key, assumed.session_token)

    def register(self, assumed: Any, tags: Iterable[Mapping[str, str]] = ()) -> None:
        """Remember a session that moto's STS has opened, with the session tags it was given."""
        self._sessions[assumed.access_key_id] = RoleSession.of(assumed, tags)

    def session_of_user(self, user_id: str, seconds: int) -> tuple[str, Session]:
        """New temporary keys of a user, or of the operator: the access key, and all else."""
        pair, issued = new_key_pair("ASIA"), datetime.datetime.now(datetime.UTC)
        session = UserSession(
            user_id=user_id,
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            secret=pair.secret_access_key,
            expires=issued.replace(tzinfo=None) + datetime.timedelta(seconds=seconds),
            issued=issued,
        )
        self._forget_expired()
        self._sessions[pair.access_key_id] = session
        return pair.access_key_id, session

    def session(self, access_key: str) -> Session | None:
        """The session that the key belongs to; None if it belongs to none."""
        return self._sessions.get(access_key)

    def secret(self, access_key: str) -> str | None:
        """The secret of the key; None if there is no such key, or it is not active."""
        if access_key == self._operator.access_key_id:
            return self._operator.secret_access_key
        session = self._sessions.get(access_key)
        return session.secret if session else _users_secret(access_key)

    def is_operator(self, access_key: str) -> bool:
        """Whether the key is the operator's."""
        return access_key == self._operator.access_key_id

    def principal(self, access_key: str) -> Principal:
        """Who holds the key now, with the policies as they are now."""
        if self.is_operator(access_key):
            return operator()
        session = self._sessions.get(access_key)
        if session is not None:
            return session.principal()
        user = iam_backend().get_user_from_access_key_id(access_key)
        return user_principal(user) if user else NOBODY

    def _forget_expired(self) -> None:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        for key in [key for key, session in self._sessions.items() if session.expires < now]:
            del self._sessions[key]


def _users_secret(access_key: str) -> str | None:
    user = iam_backend().get_user_from_access_key_id(access_key)
    held = user.access_keys if user else []
    active = (key for key in held if key.access_key_id == access_key and key.status == "Active")
    return next((str(key.secret_access_key) for key in active), None)
