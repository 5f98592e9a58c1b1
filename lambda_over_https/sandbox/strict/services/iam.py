"""IAM: what is checked of each call, and AWS's words for what does not exist."""

import re

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import (
    find_role_named,
    load_aws_managed_policies,
)
from lambda_over_https.sandbox.iam.requests.resources import OWN_USER
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.rules import Rules
from lambda_over_https.sandbox.strict.services import iam_boundaries as boundaries
from lambda_over_https.sandbox.strict.services import iam_entities as entities
from lambda_over_https.sandbox.strict.services.iam_documents import identity_policy
from lambda_over_https.sandbox.strict.services.iam_trust import linked_service, trust_policy

_WITH_DOCUMENTS = (
    "CreatePolicy",
    "CreatePolicyVersion",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
)
_ATTACHING = ("AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy")
_OF_INLINE_POLICIES = ("DeleteGroupPolicy", "DeleteUserPolicy", "GetGroupPolicy", "GetUserPolicy")
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


def _room_for_tags(call: AwsCall) -> None:
    role = find_role_named(call.parameters["RoleName"])
    tag_limits.check(call, [tag["Key"] for tag in role.tags] if role else ())


def _aws_policies(call: AwsCall) -> None:
    if call.operation == "ListPolicies" or ":iam::aws:policy/" in call.parameters.get("PolicyArn", ""):
        load_aws_managed_policies()


def _marker(call: AwsCall) -> None:
    """A marker is one that an answer gave: moto's are numbers."""
    marker = call.parameters.get("Marker")
    if marker and not re.fullmatch("[0-9]{1,9}", marker):
        raise AwsError("ValidationError", "Invalid Marker.")


RULES = Rules(
    every=[_names, constraints.check, _marker, tag_limits.check, _aws_policies],
    checks={
        "CreateServiceLinkedRole": [linked_service],
        "CreateGroup": [entities.new_name],
        "CreateRole": [entities.new_name, trust_policy, boundaries.exists],
        "CreateUser": [entities.new_name, boundaries.exists],
        "UpdateGroup": [entities.new_name],
        "UpdateUser": [entities.new_name],
        "PutRolePermissionsBoundary": [boundaries.exists],
        "PutUserPermissionsBoundary": [boundaries.exists],
        "DeleteGroup": [entities.group_is_empty],
        "DeletePolicy": [entities.policy_is_unused],
        "DeleteUser": [entities.user_is_bare],
        "UpdateAssumeRolePolicy": [trust_policy],
        "TagRole": [_room_for_tags],
        **dict.fromkeys(_WITH_DOCUMENTS, (identity_policy,)),
        **dict.fromkeys(_ATTACHING, (entities.room_for_policy,)),
        **dict.fromkeys(_OF_INLINE_POLICIES, (entities.has_policy,)),
        **dict.fromkeys(OWN_USER, (entities.of_a_user,)),
    },
    answers={
        "PutUserPermissionsBoundary": boundaries.put,
        "DeleteUserPermissionsBoundary": boundaries.delete,
        "UpdateUser": entities.rename_user,
        "UpdateGroup": entities.rename_group,
        **dict.fromkeys(_ATTACHING, entities.attach_once),
    },
    amendments={"CreateUser": boundaries.of_new_user, "GetUser": entities.tell_operator},
    wordings=[
        (r"Group (.+) not found", "NoSuchEntity", r"The group with name \1 cannot be found.", 404),
        (r"Role (.+) not found", "NoSuchEntity", r"The role with name \1 cannot be found.", 404),
        (
            r"Policy Document (.+) not attached to role .+",
            "NoSuchEntity",
            r"The role policy with name \1 cannot be found.",
            404,
        ),
    ],
)
