"""IAM: names that differ only in case, what is in use, and AWS's words for what does not exist."""

import re

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import (
    find_role_named,
    iam_backend,
    load_aws_managed_policies,
)
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.rules import Rules
from lambda_over_https.sandbox.strict.services import iam_boundaries
from lambda_over_https.sandbox.strict.services.iam_documents import identity_policy
from lambda_over_https.sandbox.strict.services.iam_trust import linked_service, trust_policy

_WITH_DOCUMENTS = (
    "CreatePolicy",
    "CreatePolicyVersion",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
)
_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)


def _names(call: AwsCall) -> None:
    for member in ("RoleName", "PolicyName"):
        name = call.parameters.get(member)
        if name and not _NAME.fullmatch(name):
            spelled = member[0].lower() + member[1:]
            message = (
                f"The specified value for {spelled} is invalid. It must contain only alphanumeric "
                "characters and/or the following: +=,.@_-"
            )
            raise AwsError("ValidationError", message)


def _role_exists(call: AwsCall) -> None:
    name = call.parameters["RoleName"]
    taken = {role.name.lower() for role in iam_backend().roles.values()}
    if name.lower() in taken:
        raise AwsError("EntityAlreadyExists", f"Role with name {name} already exists.", 409)


def _room_for_tags(call: AwsCall) -> None:
    role = find_role_named(call.parameters["RoleName"])
    tag_limits.check(call, [tag["Key"] for tag in role.tags] if role else ())


def _aws_policies(call: AwsCall) -> None:
    if call.operation == "ListPolicies" or ":iam::aws:policy/" in call.parameters.get("PolicyArn", ""):
        load_aws_managed_policies()


def _unused(call: AwsCall) -> None:
    """Refuse deleting a managed policy that is attached to somebody, or is somebody's boundary."""
    arn = call.parameters.get("PolicyArn", "")
    policy = iam_backend().managed_policies.get(arn)
    if iam_boundaries.is_one(arn) or (policy and policy.attachment_count):
        raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)


def _marker(call: AwsCall) -> None:
    """A marker is one that an answer gave: moto's are numbers."""
    marker = call.parameters.get("Marker")
    if marker and not re.fullmatch("[0-9]{1,9}", marker):
        raise AwsError("ValidationError", "Invalid Marker.")


RULES = Rules(
    every=[_names, constraints.check, _marker, tag_limits.check, _aws_policies],
    checks={
        "CreateServiceLinkedRole": [linked_service],
        "CreateRole": [_role_exists, trust_policy, iam_boundaries.exists],
        "CreateUser": [iam_boundaries.exists],
        "PutRolePermissionsBoundary": [iam_boundaries.exists],
        "PutUserPermissionsBoundary": [iam_boundaries.exists],
        "DeletePolicy": [_unused],
        "UpdateAssumeRolePolicy": [trust_policy],
        "TagRole": [_room_for_tags],
        **dict.fromkeys(_WITH_DOCUMENTS, (identity_policy,)),
    },
    answers={
        "PutUserPermissionsBoundary": iam_boundaries.put,
        "DeleteUserPermissionsBoundary": iam_boundaries.delete,
    },
    amendments={"CreateUser": iam_boundaries.of_new_user},
    wordings=[
        (r"Role (.+) not found", "NoSuchEntity", r"The role with name \1 cannot be found.", 404),
        (
            r"Policy Document (.+) not attached to role .+",
            "NoSuchEntity",
            r"The role policy with name \1 cannot be found.",
            404,
        ),
    ],
)
