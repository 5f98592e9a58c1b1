"""Users, groups and managed policies: their names, what is in use, and how much of it there may be.

IAM API reference, and IAM user guide, "IAM and AWS STS quotas"; reports of users (the messages).
"""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_role_named, iam_backend
from lambda_over_https.sandbox.iam.policies.principals import OPERATOR, OPERATOR_ID
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.services import iam_boundaries

ATTACHED_LIMIT = 10
"""Managed policies of one user, group or role."""


def new_name(call: AwsCall) -> None:
    """Refuse a name that another user, group or role has; names differ by more than case."""
    parameters, kind = call.parameters, kind_of(call)
    name, old = parameters.get(f"New{kind}Name"), parameters.get(f"{kind}Name")
    if call.operation.startswith("Create"):
        name, old = old, None
    others = [each.name.lower() for each in _all(kind) if each.name != old]
    if name and name.lower() in others:
        raise AwsError("EntityAlreadyExists", f"{kind} with name {name} already exists.", 409)


def user_is_bare(call: AwsCall) -> None:
    """Refuse deleting a user who has keys or is in a group."""
    user = iam_backend().users.get(call.parameters["UserName"])
    if user and not (user.policies or user.managed_policies):
        if user.access_keys:
            raise _conflict("Cannot delete entity, must delete access keys first.")
        if iam_backend().get_groups_for_user(user.name):
            raise _conflict("Cannot delete entity, must remove users from group first.")


def group_is_empty(call: AwsCall) -> None:
    """Refuse deleting a group with users or policies."""
    group = iam_backend().groups.get(call.parameters["GroupName"])
    if group and group.users:
        raise _conflict("Cannot delete entity, must remove users from group first.")
    if group and group.managed_policies:
        raise _conflict("Cannot delete entity, must detach all policies first.")
    if group and group.policies:
        raise _conflict("Cannot delete entity, must delete policies first.")


def policy_is_unused(call: AwsCall) -> None:
    """Refuse deleting a managed policy that somebody has, also as a boundary, or that has older versions."""
    arn = call.parameters["PolicyArn"]
    policy = iam_backend().managed_policies.get(arn)
    if iam_boundaries.is_one(arn) or (policy and policy.attachment_count):
        raise _conflict("Cannot delete a policy attached to entities.")
    if policy and len(policy.versions) > 1:
        raise _conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )


def room_for_policy(call: AwsCall) -> None:
    """Refuse attaching more managed policies than a user, group or role may have."""
    kind = kind_of(call)
    holder = _find(kind, call.parameters[f"{kind}Name"])
    attached = {*holder.managed_policies, call.parameters["PolicyArn"]} if holder else set()
    if len(attached) > ATTACHED_LIMIT:
        message = f"Cannot exceed quota for PoliciesPer{kind}: {ATTACHED_LIMIT}"
        raise AwsError("LimitExceeded", message, 409)


def attach_once(call: AwsCall) -> AwsResponse | None:
    """Answer attaching what is attached already, which moto counts once more."""
    kind = kind_of(call)
    holder = _find(kind, call.parameters[f"{kind}Name"])
    attached = holder is not None and call.parameters["PolicyArn"] in holder.managed_policies
    return iam_boundaries.done(call) if attached else None


def has_policy(call: AwsCall) -> None:
    """Refuse naming an inline policy that a user or group does not have."""
    kind, name = kind_of(call), call.parameters["PolicyName"]
    holder = _find(kind, call.parameters[f"{kind}Name"])
    if holder and name not in holder.policies:
        message = f"The {kind.lower()} policy with name {name} cannot be found."
        raise AwsError("NoSuchEntity", message, 404)


def of_a_user(call: AwsCall) -> None:
    """Refuse a call that means the caller's own user, made with the keys of a role."""
    if not call.parameters.get("UserName") and call.access_key.startswith("ASIA"):
        raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")


def tell_operator(call: AwsCall, response: AwsResponse) -> None:
    """Name the operator, of whom moto makes a user of another name."""
    user = iam_backend().get_user_from_access_key_id(call.access_key)
    if not call.parameters.get("UserName") and user is None:
        told = response.body.decode()
        made = told.partition("<UserId>")[2].partition("<")[0]
        told = told.replace(made, OPERATOR_ID).replace(
            OPERATOR.rpartition("/")[0] + "/default_user", OPERATOR
        )
        response.body = told.replace(">default_user<", ">operator<").encode()


def rename_user(call: AwsCall) -> AwsResponse:
    """Answer UpdateUser: keys and tags stay with the user, which moto forgets."""
    user = _of(call, "User")
    backend, tags = iam_backend(), iam_backend().tagger.list_tags_for_resource(user.arn)["Tags"]
    backend.tagger.delete_all_tags_for_resource(user.arn)
    backend.update_user(user.name, call.parameters.get("NewPath"), call.parameters.get("NewUserName"))
    backend.tagger.tag_resource(user.arn, tags)
    for key in user.access_keys:
        key.user_name = user.name
    return iam_boundaries.done(call)


def rename_group(call: AwsCall) -> AwsResponse:
    """Answer UpdateGroup: moto changes a path only together with the name."""
    group, groups = _of(call, "Group"), iam_backend().groups
    group.path = call.parameters.get("NewPath") or group.path
    del groups[group.name]
    group.name = call.parameters.get("NewGroupName") or group.name
    groups[group.name] = group
    return iam_boundaries.done(call)


def kind_of(call: AwsCall) -> str:
    """Whether the operation is about a User, a Group or a Role."""
    return next(kind for kind in ("User", "Group", "Role") if kind in call.operation)


def _all(kind: str) -> list[Any]:
    backend = iam_backend()
    return list({"User": backend.users, "Group": backend.groups, "Role": backend.roles}[kind].values())


def _find(kind: str, name: str) -> Any:
    return find_role_named(name) if kind == "Role" else next((x for x in _all(kind) if x.name == name), None)


def _of(call: AwsCall, kind: str) -> Any:
    name = call.parameters[f"{kind}Name"]
    found = _find(kind, name)
    if found is None:
        raise AwsError("NoSuchEntity", f"The {kind.lower()} with name {name} cannot be found.", 404)
    return found


def _conflict(message: str) -> AwsError:
    return AwsError("DeleteConflict", message, 409)
