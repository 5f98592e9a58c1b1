"""What everybody in a class may do: one policy with variables, and one permissions boundary.

The policy names no student: ``${aws:username}`` stands for the IAM user who asks, or a tag of the session for
an assumed role. The boundary is for the roles that students make: a role may use the table and the log group
of the deployment that its own tag names, and students can give a role only their own name in that tag. A tag
of a session would win over the role's: so students may assume no role, whatever its trust policy says. So
nobody gets to another's data through a role, unless a principal of another account helps.

Source: IAM user guide, "IAM policy elements: Variables and tags" and "Permissions boundaries for IAM
entities", which take variables too. The tag's key holds a colon, as AWS's own tags do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws.place import Place
from lambda_over_https.aws.policies.operator import (
    BOUNDARY,
    Scope,
    boundary_arn,
    boundary_policy,
    for_variable,
    operator_policy,
)
from lambda_over_https.aws.policies.permissions import Calls
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.names import TAG_NAME

Document = dict[str, Any]

OWN_TAG = f"${{aws:PrincipalTag/{TAG_NAME}}}"
"""In the boundary: the name that the role's own tag says."""


_NO_SESSIONS: Document = {
    "Sid": "NoSessions",
    "Effect": "Deny",
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Resource": "*",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """The policy, for whom it is, and the ARN of the boundary that it asks for."""

    document: Document
    scope: Scope
    boundary: str


def class_policy(taught: Class, variable: str, more: Calls | None = None) -> Rights:
    """The policy for everybody; ``variable`` stands for who asks, ``more`` are the calls of chapters."""
    scope, place = for_variable(variable, _boundary_name(taught)), _place(taught)
    arn = boundary_arn(scope, place)
    document = operator_policy(scope, place, boundary=arn, more=more)
    return Rights({**document, "Statement": [*document["Statement"], _NO_SESSIONS]}, scope, arn)


def class_boundary(taught: Class) -> Document:
    """The boundary of every student's roles."""
    return boundary_policy(for_variable(OWN_TAG, _boundary_name(taught)), _place(taught))


def how_to_give(rights: Rights, *, boundary: bool, session: bool, tag: str) -> Iterator[str]:
    """What is done with the documents, in words."""
    name = rights.scope.boundary
    if boundary:
        yield (
            "Put it into boundary.json and make it a managed policy: aws iam create-policy --policy-name"
            f" {name} --policy-document file://boundary.json"
        )
        yield f"Students make their deployments with `loh run --permissions-boundary {rights.boundary}`."
    elif session:
        yield (
            f"A session of the students' role needs the tag {tag} with the name of the deployment: in IAM"
            " Identity Center or SAML it is an attribute, with AssumeRole a session tag."
        )
    else:
        yield (
            "Each IAM user must be called like the student's deployment. `loh class users create` can make"
            " them; IAM Identity Center, with --session, is the better way where there is one."
        )


def _boundary_name(taught: Class) -> str:
    return f"{taught.prefix}-{BOUNDARY}"


def _place(taught: Class) -> Place:
    return Place(taught.target, taught.account, taught.region, taught.partition, "", taught.endpoint_url)
