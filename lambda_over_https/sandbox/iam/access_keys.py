"""Who holds which access key, and which policies bind the caller."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.control.moto_state import find_role, iam_backend, sts_backend
from lambda_over_https.sandbox.control.refusals import ROLE_NOT_ASSUMABLE
from lambda_over_https.sandbox.iam.policy import AccessRequest, decide
from lambda_over_https.sandbox.model.account import ACCOUNT, DEFAULT_REGION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials

SESSION_SECONDS = 12 * 3600
OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/operator"
"""The caller with keys that the sandbox has not issued. Any such keys are accepted, and may do anything."""


@dataclass(frozen=True, slots=True)
class RoleSession:
    """An assumed role. ``role_id`` tells it from a later role of the same name; ``expires`` is naive UTC."""

    role_arn: str
    role_id: str
    name: str
    token: str
    expires: datetime.datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, and what binds them: ``policies`` is None if nothing does.

    A permissions ``boundary`` must allow what the policies allow.
    """

    arn: str
    policies: Sequence[str | Mapping[str, Any]] | None = None
    boundary: str | None = None

    def may(self, request: AccessRequest) -> bool:
        """Whether what binds the caller allows it."""
        return self.policies is None or (
            decide(self.policies, request) == "allowed"
            and (self.boundary is None or decide([self.boundary], request) == "allowed")
        )


class AccessKeys:
    """The keys of all role sessions, and of IAM users."""

    def __init__(self) -> None:
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

    def register(self, assumed: Any) -> None:
        """Remember a session that moto's STS has opened."""
        role = find_role(assumed.role_arn)
        self._sessions[assumed.access_key_id] = RoleSession(
            role_arn=assumed.role_arn,
            role_id=role.id if role else "",
            name=assumed.session_name,
            token=assumed.session_token,
            expires=assumed.expiration,
        )

    def session(self, access_key: str) -> RoleSession | None:
        """The role session that the key belongs to; None if it belongs to none."""
        return self._sessions.get(access_key)

    def principal(self, access_key: str) -> Principal:
        """Who holds the key now, with the policies as they are now."""
        session = self._sessions.get(access_key)
        if session is not None:
            return _role_principal(session)
        user = iam_backend().get_user_from_access_key_id(access_key)
        if user is None:
            return Principal(OPERATOR)
        return Principal(user.arn, _user_policies(user))

    def _forget_expired(self) -> None:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        for key in [key for key, session in self._sessions.items() if session.expires < now]:
            del self._sessions[key]


def _user_policies(user: Any) -> list[str]:
    """The documents of a user's inline and attached policies, and of those of the user's groups."""
    groups = iam_backend().get_groups_for_user(user.name)
    holders = [user, *groups]
    return [text for holder in holders for text in (*holder.policies.values(), *_managed(holder))]


def role_policies(role: Any) -> list[str]:
    """The documents of a role's inline and attached policies."""
    return [*role.policies.values(), *_managed(role)]


def role_may(role: Any, request: AccessRequest) -> bool:
    """Whether the role's policies allow it, and its boundary, if it has one, does too."""
    return Principal(role.arn, role_policies(role), _boundary(role)).may(request)


def _role_principal(session: RoleSession) -> Principal:
    role = find_role(session.role_arn)
    name = session.role_arn.rpartition("/")[2]
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session.name}"
    if role is None or role.id != session.role_id:
        return Principal(arn, [])
    return Principal(arn, role_policies(role), _boundary(role))


def _boundary(role: Any) -> str | None:
    policy = iam_backend().managed_policies.get(role.permissions_boundary_arn)
    return _document(policy) if policy else None


def _managed(holder: Any) -> list[str]:
    return [_document(policy) for policy in list(holder.managed_policies.values())]


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)
