"""Who can call, and which policies bind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lambda_over_https.sandbox.control.moto_state import find_role, iam_backend
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, decide, trusts
from lambda_over_https.sandbox.model.account import ACCOUNT

OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/operator"
"""The caller with the keys of the sandbox's record, who may do anything."""

OPERATOR_ID = "AIDASANDBOXOPERATOR23"
"""The operator's user ID."""

LAMBDA = "lambda.amazonaws.com"
"""Lambda, as a principal that assumes roles."""


_EVERYBODY = {
    "aws:principalaccount": ACCOUNT,
    "aws:resourceaccount": ACCOUNT,
    "aws:principalisawsservice": "false",
    "aws:viaawsservice": "false",
}


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
        known = {"aws:principalarn": self.arn, **_EVERYBODY, **self.keys}
        return replace(request, context={**known, **request.context})


NOBODY = Principal(f"arn:aws:iam::{ACCOUNT}:user/unknown", [])
"""A user who was deleted since the request was authenticated."""


def _user_policies(user: Any) -> list[str]:
    """The documents of a user's inline and attached policies, and of those of the user's groups."""
    groups = iam_backend().get_groups_for_user(user.name)
    holders = [user, *groups]
    return [text for holder in holders for text in (*holder.policies.values(), *_managed(holder))]


def role_policies(role: Any) -> list[str]:
    """The documents of a role's inline and attached policies."""
    return [*role.policies.values(), *_managed(role)]


def trusting_role(arn: str, service: str) -> Any:
    """The role with that ARN if it lets the service assume it; None if not, or if there is no such role."""
    role = find_role(arn)
    return role if role is not None and trusts(role.assume_role_policy_document, service) else None


def role_may(role: Any, request: AccessRequest) -> bool:
    """Whether the role's policies allow it to a service, and its boundary, if it has one, does too.

    A service asks over TLS, and in the Region of the resource (IAM guide, "AWS global condition context
    keys").
    """
    region = [*request.resources[0].split(":", 4), "", "", ""][3]
    keys = {**tag_keys(role.tags), "aws:securetransport": "true", "aws:requestedregion": region}
    return Principal(role.arn, role_policies(role), boundary_of(role), keys).may(request)


def operator(keys: Mapping[str, str] | None = None) -> Principal:
    """The operator; ``keys`` are more condition keys that tell of the caller."""
    return Principal(OPERATOR, keys={**_user_keys("operator", OPERATOR_ID), **(keys or {})})


def user_principal(user: Any, keys: Mapping[str, str] | None = None) -> Principal:
    """An IAM user, bound by the own policies and by those of the user's groups.

    ``keys`` are more condition keys that tell of the caller.
    """
    known = {**_user_keys(user.name, user.id), **tag_keys(_tags_of_user(user)), **(keys or {})}
    return Principal(user.arn, _user_policies(user), boundary_of(user), known)


def _user_keys(name: str, user_id: str) -> dict[str, str]:
    return {"aws:username": name, "aws:userid": user_id, "aws:principaltype": "User"}


def _tags_of_user(user: Any) -> list[dict[str, str]]:
    tags = iam_backend().tagger.list_tags_for_resource(user.arn)["Tags"]
    return list(tags)


def tag_keys(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The tags of a principal as condition keys."""
    return {f"aws:principaltag/{tag['Key'].lower()}": tag["Value"] for tag in tags}


def boundary_of(holder: Any) -> str | None:
    """The document of a role's or user's boundary; one that cannot be found allows nothing."""
    arn = getattr(holder, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = iam_backend().managed_policies.get(arn)
    return _document(policy) if policy else ""


def _managed(holder: Any) -> list[str]:
    return [_document(policy) for policy in list(holder.managed_policies.values())]


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)
