"""Who holds which access key, and which policies bind the caller."""

import datetime
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lambda_over_https.sandbox.control.moto_state import find_role, iam_backend, sts_backend
from lambda_over_https.sandbox.control.refusals import ROLE_NOT_ASSUMABLE
from lambda_over_https.sandbox.iam.policy import AccessRequest, decide
from lambda_over_https.sandbox.model.account import ACCOUNT, DEFAULT_REGION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials
from lambda_over_https.sandbox.model.times import zulu

SESSION_SECONDS = 12 * 3600
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/operator"
"""The caller with the keys of the sandbox's record, who may do anything."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An access key and its secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


def new_key_pair() -> KeyPair:
    """Random keys in AWS's form."""
    identity = "".join(secrets.choice(_BASE32) for _ in range(16))
    return KeyPair(f"AKIA{identity}", secrets.token_urlsafe(30))


@dataclass(frozen=True, slots=True)
class RoleSession:
    """An assumed role. ``role_id`` tells it from a later role of the same name; ``expires`` is naive UTC.

    ``issued`` is in UTC; ``tags`` are the session's own, each with Key and Value.
    """

    role_arn: str
    role_id: str
    name: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    expires: datetime.datetime
    issued: datetime.datetime
    tags: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, and what binds them: ``policies`` is None if nothing does.

    A permissions ``boundary`` must allow what the policies allow. ``keys`` are the condition keys that tell
    of the caller, in lower case.
    """

    arn: str
    policies: Sequence[str | Mapping[str, Any]] | None = None
    boundary: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    def may(self, request: AccessRequest) -> bool:
        """Whether what binds the caller allows it."""
        asked = self.asking(request)
        return self.policies is None or (
            decide(self.policies, asked) == "allowed"
            and (self.boundary is None or decide([self.boundary], asked) == "allowed")
        )

    def asking(self, request: AccessRequest) -> AccessRequest:
        """The request as this caller makes it: with the condition keys that tell of the caller."""
        known = {"aws:principalarn": self.arn, "aws:principalaccount": ACCOUNT, **self.keys}
        return replace(request, context={**known, **request.context})


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
            return _role_principal(session)
        user = iam_backend().get_user_from_access_key_id(access_key)
        if user is None:  # deleted since the request was authenticated
            return Principal(f"arn:aws:iam::{ACCOUNT}:user/unknown", [])
        return _user_principal(user)

    def _forget_expired(self) -> None:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        for key in [key for key, session in self._sessions.items() if session.expires < now]:
            del self._sessions[key]


def _user_policies(user: Any) -> list[str]:
    """The documents of a user's inline and attached policies, and of those of the user's groups."""
    groups = iam_backend().get_groups_for_user(user.name)
    holders = [user, *groups]
    return [text for holder in holders for text in (*holder.policies.values(), *_managed(holder))]


def _users_secret(access_key: str) -> str | None:
    user = iam_backend().get_user_from_access_key_id(access_key)
    held = user.access_keys if user else []
    active = (key for key in held if key.access_key_id == access_key and key.status == "Active")
    return next((str(key.secret_access_key) for key in active), None)


def role_policies(role: Any) -> list[str]:
    """The documents of a role's inline and attached policies."""
    return [*role.policies.values(), *_managed(role)]


def role_may(role: Any, request: AccessRequest) -> bool:
    """Whether the role's policies allow it, and its boundary, if it has one, does too."""
    keys = _tag_keys(role.tags)
    return Principal(role.arn, role_policies(role), _boundary(role), keys).may(request)


def _user_principal(user: Any) -> Principal:
    """An IAM user, bound by the own policies and by those of the user's groups."""
    keys = {"aws:username": user.name, "aws:userid": user.id, "aws:principaltype": "User"}
    return Principal(user.arn, _user_policies(user), keys={**keys, **_tag_keys(_tags_of_user(user))})


def _tags_of_user(user: Any) -> list[dict[str, str]]:
    tags = iam_backend().tagger.list_tags_for_resource(user.arn)["Tags"]
    return list(tags)


def _tag_keys(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The tags of a principal as condition keys."""
    return {f"aws:principaltag/{tag['Key'].lower()}": tag["Value"] for tag in tags}


def _role_principal(session: RoleSession) -> Principal:
    role = find_role(session.role_arn)
    name = session.role_arn.rpartition("/")[2]
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session.name}"
    if role is None or role.id != session.role_id:
        return Principal(arn, [])
    keys = {
        "aws:principalarn": role.arn,
        "aws:principaltype": "AssumedRole",
        "aws:userid": f"{role.id}:{session.name}",
        "aws:tokenissuetime": zulu(session.issued),
    }
    tags = {**_tag_keys(role.tags), **_tag_keys(session.tags)}
    return Principal(arn, role_policies(role), _boundary(role), {**keys, **tags})


def _boundary(role: Any) -> str | None:
    """The document of the role's boundary; one that cannot be found allows nothing."""
    if not role.permissions_boundary_arn:
        return None
    policy = iam_backend().managed_policies.get(role.permissions_boundary_arn)
    return _document(policy) if policy else ""


def _managed(holder: Any) -> list[str]:
    return [_document(policy) for policy in list(holder.managed_policies.values())]


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)
