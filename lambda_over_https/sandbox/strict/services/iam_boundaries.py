"""Permissions boundaries of roles and users: moto knows those of roles alone.

IAM user guide, "Permissions boundaries for IAM entities".
"""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import iam_backend, load_aws_managed_policies
from lambda_over_https.sandbox.model.errors import AwsError

_KIND = "PermissionsBoundaryPolicy"


def exists(call: AwsCall) -> None:
    """Refuse a permissions boundary that is no managed policy of the account."""
    arn = call.parameters.get("PermissionsBoundary")
    if not arn:
        return
    if ":iam::aws:policy/" in arn:
        load_aws_managed_policies()
    if arn not in iam_backend().managed_policies:
        raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)


def is_one(arn: str) -> bool:
    """Whether the policy is a role's or a user's boundary."""
    holders = (*iam_backend().roles.values(), *iam_backend().users.values())
    return any(getattr(holder, "permissions_boundary_arn", None) == arn for holder in holders)
