"""The IAM policies that ``loh policy`` prints: for whoever runs this program, and a limit for their roles.

Which permissions those are is in ``permissions``.

What the policy protects against, and what not:

- It names the role, function, table and log group, so its holder cannot touch those of other deployments.
- Whoever may write a role's policy, pass the role to Lambda and invoke the function can do whatever a role
  may do. So roles must have a *permissions boundary*, a managed policy that the holder cannot change and that
  allows a role no more than the tutorial's function needs. With a role made beforehand (``role_arn``) the
  holder can do what that role may do, and no more.
- The ids of REST APIs are random, so no prefix can name them. AWS tells conditions an API's name in two calls
  alone, UpdateRestApi and DeleteRestApi: these are allowed for the holder's names only; no API is renamed.
  Changes of what is in an API are limited to APIs with our tag and the deployment's name. But setting tags
  cannot be limited, because a new API has none yet: a holder can tag somebody else's API first, and then
  change what is in it. The condition prevents mistakes, not malice.

Sources: the Service Authorization Reference, "Actions, resources, and condition keys"; IAM user guide,
"Permissions boundaries for IAM entities"; API Gateway developer guide, "Using tags to control access to API
Gateway REST API resources" and "API Gateway resources that can be tagged" (inheritance).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lambda_over_https.aws import arns
from lambda_over_https.aws.place import Place
from lambda_over_https.aws.policies.documents import LOG_ACTIONS, TABLE_ACTIONS, Document, listed
from lambda_over_https.aws.policies.permissions import CALLS, Calls, Need
from lambda_over_https.aws.policies.resources import resources_of
from lambda_over_https.names import DEFAULT_DEPLOYMENT, TAG_NAME, Names, names_for

_TAGGED = frozenset(
    {
        *("api itself", "resource", "method", "deployments", "deployment", "stage", "gateway response"),
        *("usage plan", "api key"),
    }
)
"""What may be used only with our tag: in an API, all inherits the API's."""

_NEW = frozenset({"new api", "new usage plan", "new api key"})
"""What may be made only with our tag."""

_OWN_ROLES = frozenset(
    f"{how}{role}" for how in ("", "bounded ", "tagged ") for role in ("role", "schedule role")
) | {"all roles"}

_BOUNDED = frozenset({"bounded role", "bounded schedule role"})
"""Roles that may be made, and changed, only with the permissions boundary."""

_TAGGED_ROLES = frozenset({"tagged role", "tagged schedule role"})
"""Roles that may be tagged with the holder's name only: what a boundary allows can depend on it."""

_SIDS = {"everything": "FindByTag", "log groups": "ListLogGroups"}


@dataclass(frozen=True, slots=True)
class Scope:
    """For which deployments a policy is: their names, and the names of what they make.

    ``deployment`` and all in ``names`` may hold IAM's wildcards and variables. ``boundary`` is what the
    managed policy with their permissions boundary is called.
    """

    deployment: str
    names: Names
    boundary: str


BOUNDARY = "lambda-gateway-boundary"
"""The name of the permissions boundary of the default deployment's role."""


def for_deployment(name: str) -> Scope:
    """One deployment. Raises UsageError if there can be none of that name."""
    names = names_for(name)
    return Scope(name, names, names.role.replace(names_for(DEFAULT_DEPLOYMENT).role, BOUNDARY))


def for_prefix(prefix: str) -> Scope:
    """All deployments whose names begin with ``prefix``. Raises UsageError if no name can."""
    if prefix:
        names_for(prefix)
    return Scope(f"{prefix}*", _put_before(f"{prefix}*"), f"{prefix}{BOUNDARY}")


def for_variable(variable: str, boundary: str) -> Scope:
    """The deployment that is called as an IAM variable says, as ``${aws:username}``."""
    return Scope(variable, _put_before(f"{variable}-"), boundary)


def boundary_arn(scope: Scope, place: Place) -> str:
    """The ARN of the managed policy that ``loh policy --boundary`` is to become."""
    return arns.managed_policy(place, scope.boundary)


def boundary_policy(scope: Scope, place: Place) -> Document:
    """The permissions boundary: the most that a role of these deployments may ever do."""
    resources = resources_of(scope.names, place, "")
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Table", "Effect": "Allow", "Action": TABLE_ACTIONS, "Resource": resources["table"]},
            {
                "Sid": "Logs",
                "Effect": "Allow",
                "Action": LOG_ACTIONS,
                "Resource": resources["log group"][1],
            },
            {
                "Sid": "Schedule",
                "Effect": "Allow",
                "Action": "lambda:InvokeFunction",
                "Resource": resources["function"],
            },
        ],
    }


def operator_policy(
    scope: Scope, place: Place, *, boundary: str = "", role_arn: str = "", more: Calls | None = None
) -> Document:
    """What running this program needs for the deployments of ``scope``.

    Their roles must have the permissions boundary with the ARN ``boundary``. With ``role_arn`` the policy
    does not allow creating or changing roles. ``more`` are the calls of chapters.
    """
    resources = resources_of(scope.names, place, role_arn)
    conditions = _conditions(scope, boundary)
    needed = {need for each in (*CALLS.values(), *(more or {}).values()) for need in each}
    if role_arn:
        needed = {each for each in needed if each.resource not in _OWN_ROLES} | {Need("iam:GetRole", "role")}
    statements = [_statement(key, resources[key], needed, conditions.get(key)) for key in resources]
    return {"Version": "2012-10-17", "Statement": _merged(each for each in statements if each["Action"])}


def _merged(statements: Iterable[Document]) -> list[Document]:
    """The same in fewer words: one statement for all resources with the same actions and condition."""
    found: dict[str, Document] = {}
    for each in statements:
        key = json.dumps([each["Action"], each.get("Condition")])
        first = found.setdefault(key, each)
        if first is not each:
            first["Resource"] = [*listed(first["Resource"]), *listed(each["Resource"])]
    return list(found.values())


def _conditions(scope: Scope, boundary: str) -> dict[str, Document]:
    """The condition for each resource that has one."""
    tag, api = TAG_NAME, scope.names.api
    made = {key: {"StringLike": {f"aws:RequestTag/{tag}": scope.deployment}} for key in _NEW}
    made["new api"]["StringLike"]["apigateway:Request/ApiName"] = api
    return {
        "passed role": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        "passed schedule role": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        **{key: {"StringEquals": {"iam:PermissionsBoundary": boundary}} for key in _BOUNDED},
        **{key: {"StringLike": {f"aws:RequestTag/{tag}": scope.deployment}} for key in _TAGGED_ROLES},
        "own api": {"StringLike": {"apigateway:Resource/ApiName": api}},
        "updated api": {
            "StringLike": {"apigateway:Resource/ApiName": api},
            "StringLikeIfExists": {"apigateway:Request/ApiName": api},
        },
        **made,
        **{key: {"StringLike": {f"aws:ResourceTag/{tag}": scope.deployment}} for key in _TAGGED},
    }


def _statement(
    key: str, resource: str | list[str], needs: Iterable[Need], condition: Document | None
) -> Document:
    statement = {
        "Sid": _SIDS.get(key, "".join(word.capitalize() for word in key.split())),
        "Effect": "Allow",
        "Action": sorted(need.action for need in needs if need.resource == key),
        "Resource": resource,
    }
    return {**statement, "Condition": condition} if condition else statement


def _put_before(first: str) -> Names:
    """The tutorial's names after ``first``, which stands for deployments' names and a hyphen."""
    plain = names_for(DEFAULT_DEPLOYMENT)
    return replace(
        plain,
        role=f"{first}{plain.role}",
        function=f"{first}{plain.function}",
        table=f"{first}{plain.table}",
        api=f"{first}{plain.api}",
        prefix=first,
    )
