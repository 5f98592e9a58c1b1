"""Who holds which access key."""

import datetime
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.moto_state import find_role, iam_backend, sts_backend
from lambda_over_https.sandbox.control.refusals import ROLE_NOT_ASSUMABLE
from lambda_over_https.sandbox.iam.principals import OPERATOR, Principal, user_principal
from lambda_over_https.sandbox.iam.sessions import RoleSession, role_principal
from lambda_over_https.sandbox.model.account import ACCOUNT, DEFAULT_REGION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials

SESSION_SECONDS = 12 * 3600
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An access key and its secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


def new_key_pair() -> KeyPair:
    """Random keys in AWS's form."""
    identity = "".join(secrets.choice(_BASE32) for _ in range(16))
    return KeyPair(f"AKIA{identity}", secrets.token_urlsafe(30))


class AccessKeys:
    """The keys of the operator, of IAM users and of all role sessions."""

    def __init__(self, operator: KeyPair) -> None:
        self._operator = operator
        self._sessions: dict[str, RoleSession] = {}

    def assume_role(self, role_arn: str, name: str) -> Credentials:
        """New keys of the role, as Lambda gets them for a function. AwsError if there is no such role."""
        if find_role(role_arn) is None:
            raise AwsError("AccessDeniedException", ROLE_NOT_ASSUMABLE, 403)
        assumed = sts_backend().assume_role(
            region_name=DEFAULT_REGION,
            role_session_name=name,
            role_arn=role_arn,
            policy="",
            duration=SESSION_SECONDS,
            external_id="",
        )
        self._forget_expired()
        self.register(assumed)
        return Credentials(assumed.access_key_id, assumed.secret_access_key, assumed.session_token)

    def register(self, assumed: Any, tags: Iterable[Mapping[str, str]] = ()) -> None:
        """Remember a session that moto's STS has opened, with the session tags it was given."""
        role = find_role(assumed.role_arn)
        self._sessions[assumed.access_key_id] = RoleSession(
            role_arn=assumed.role_arn,
            role_id=role.id if role else "",
            name=assumed.session_name,
            token=assumed.session_token,
            secret=assumed.secret_access_key,
            expires=assumed.expiration,
            issued=datetime.datetime.now(datetime.UTC),
            tags=tuple(tags),
        )

    def session(self, access_key: str) -> RoleSession | None:
        """The role session that the key belongs to; None if it belongs to none."""
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
            return Principal(OPERATOR)
        session = self._sessions.get(access_key)
        if session is not None:
            return role_principal(session)
        user = iam_backend().get_user_from_access_key_id(access_key)
        if user is None:  # deleted since the request was authenticated
            return Principal(f"arn:aws:iam::{ACCOUNT}:user/unknown", [])
        return user_principal(user)

    def _forget_expired(self) -> None:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        for key in [key for key, session in self._sessions.items() if session.expires < now]:
            del self._sessions[key]


def _users_secret(access_key: str) -> str | None:
    user = iam_backend().get_user_from_access_key_id(access_key)
    held = user.access_keys if user else []
    active = (key for key in held if key.access_key_id == access_key and key.status == "Active")
    return next((str(key.secret_access_key) for key in active), None)
