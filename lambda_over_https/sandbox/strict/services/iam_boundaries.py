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


def put(call: AwsCall) -> AwsResponse:
    """Answer PutUserPermissionsBoundary."""
    _set(_user(call), call.parameters["PermissionsBoundary"])
    return done(call)


def delete(call: AwsCall) -> AwsResponse:
    """Answer DeleteUserPermissionsBoundary."""
    _set(_user(call), None)
    return done(call)


def of_new_user(call: AwsCall, response: AwsResponse) -> None:
    """Give the user that moto has made its boundary, and tell it."""
    arn = call.parameters.get("PermissionsBoundary")
    if not arn:
        return
    _set(_user(call), arn)
    members = f"<PermissionsBoundaryType>{_KIND}</PermissionsBoundaryType>"
    members += f"<PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn>"
    told = f"<PermissionsBoundary>{members}</PermissionsBoundary></User>"
    response.body = response.body.replace(b"</User>", told.encode())


def _user(call: AwsCall) -> Any:
    name = call.parameters["UserName"]
    user = iam_backend().users.get(name)
    if user is None:
        raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    return user


def _set(user: Any, arn: str | None) -> None:
    """Moto tells the second of the two, in GetUser."""
    user.permissions_boundary_arn = arn
    user.permissions_boundary = (
        {"PermissionsBoundaryType": _KIND, "PermissionsBoundaryArn": arn} if arn else None
    )


def done(call: AwsCall) -> AwsResponse:
    """IAM's answer that tells nothing."""
    return AwsResponse.xml(call.operation, "https://iam.amazonaws.com/doc/2010-05-08/")
