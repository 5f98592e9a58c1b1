"""Sessions: temporary keys, and who holds them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_over_https.sandbox.control.moto_state import find_role
from lambda_over_https.sandbox.iam.principals import Principal, boundary_of, role_policies, tag_keys
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import zulu


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


def role_principal(session: RoleSession) -> Principal:
    """The role, in this session."""
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
    tags = {**tag_keys(role.tags), **tag_keys(session.tags)}
    return Principal(arn, role_policies(role), boundary_of(role), {**keys, **tags})
