"""Sessions: temporary keys, who holds them, and what the holder may do."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.moto_state import find_role, iam_backend
from lambda_over_https.sandbox.iam.policies.principals import (
    NOBODY,
    OPERATOR_ID,
    Principal,
    boundary_of,
    operator,
    role_policies,
    tag_keys,
    user_principal,
)
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import zulu


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Temporary keys. ``expires`` is naive UTC, ``issued`` is in UTC."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    expires: datetime.datetime
    issued: datetime.datetime

    @property
    def held(self) -> bool:
        """Whether whoever got the keys still exists."""
        raise NotImplementedError

    def principal(self) -> Principal:
        """Who calls with the keys now, with the policies as they are now."""
        raise NotImplementedError

    def _keys(self) -> Mapping[str, str]:
        """What policies can ask of every session (IAM guide, "AWS global condition context keys")."""
        return {"aws:tokenissuetime": zulu(self.issued), "aws:multifactorauthpresent": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSession(Session):
    """An assumed role. ``role_id`` tells it from a later role of the same name.

    ``tags`` are the session's own, each with Key and Value; ``source_function`` is the ARN of the function
    whose role it is, empty in other sessions.
    """

    role_arn: str
    role_id: str
    name: str
    tags: tuple[Mapping[str, str], ...] = ()
    source_function: str = ""

    @classmethod
    def of(
        cls, assumed: Any, tags: Iterable[Mapping[str, str]] = (), source_function: str = ""
    ) -> "RoleSession":
        """The session that moto's STS describes."""
        role = find_role(assumed.role_arn)
        return cls(
            role_arn=assumed.role_arn,
            role_id=role.id if role else "",
            name=assumed.session_name,
            token=assumed.session_token,
            secret=assumed.secret_access_key,
            expires=assumed.expiration,
            issued=datetime.datetime.now(datetime.UTC),
            tags=tuple(tags),
            source_function=source_function,
        )

    @property
    def held(self) -> bool:
        """Whether the role still exists."""
        role = find_role(self.role_arn)
        return role is not None and role.id == self.role_id

    def principal(self) -> Principal:
        """The role, in this session."""
        role = find_role(self.role_arn)
        name = self.role_arn.rpartition("/")[2]
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{self.name}"
        if role is None or not self.held:
            return Principal(arn, [])
        keys = {
            "aws:principalarn": role.arn,
            "aws:principaltype": "AssumedRole",
            "aws:userid": f"{role.id}:{self.name}",
            **self._keys(),
        }
        tags = {**tag_keys(role.tags), **tag_keys(self.tags)}
        source = {"lambda:sourcefunctionarn": self.source_function} if self.source_function else {}
        return Principal(arn, role_policies(role), boundary_of(role), {**keys, **tags, **source})


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSession(Session):
    """Temporary keys of a user or of the operator, whose ID is ``user_id``; GetSessionToken gives them."""

    user_id: str

    @property
    def held(self) -> bool:
        """Whether the user still exists."""
        return self.user_id == OPERATOR_ID or self._user() is not None

    def principal(self) -> Principal:
        """The user, with the user's own rights."""
        if self.user_id == OPERATOR_ID:
            return operator(self._keys())
        user = self._user()
        return user_principal(user, self._keys()) if user else NOBODY

    def _user(self) -> Any:
        return next((user for user in list(iam_backend().users.values()) if user.id == self.user_id), None)
