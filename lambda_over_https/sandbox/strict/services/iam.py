"""IAM: names that differ only in case, policy documents, and AWS's words for what does not exist."""

import json
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

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_SERVICE_PRINCIPAL = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
INLINE_POLICIES_LIMIT = 10_240
"""Characters of all inline policies of one role together, without white space (IAM user guide, quotas)."""
TRUST_POLICY_LIMIT = 2_048
"""Characters of a role's trust policy, without white space (IAM user guide, quotas)."""


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


def _trust_policy(call: AwsCall) -> None:
    document = call.parameters.get("AssumeRolePolicyDocument") or call.parameters.get("PolicyDocument")
    try:
        policy = json.loads(document or "")
        statements = policy["Statement"]
    except ValueError:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    except (KeyError, TypeError):
        raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.") from None
    for statement in statements if isinstance(statements, list) else [statements]:
        _trust_statement(statement)
    if _size(document or "") > TRUST_POLICY_LIMIT:
        message = f"Cannot exceed quota for ACLSizePerRole: {TRUST_POLICY_LIMIT}"
        raise AwsError("LimitExceeded", message, 409)


def _size(document: str) -> int:
    return len(re.sub(r"\s", "", document))


def _trust_statement(statement: object) -> None:
    if not isinstance(statement, dict) or not {"Effect", "Action", "Principal"} <= statement.keys():
        raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.")
    if "Resource" in statement:
        raise AwsError("MalformedPolicyDocument", "Has prohibited field Resource")
    principal = statement["Principal"]
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    for service in [services] if isinstance(services, str) else services:
        if not _SERVICE_PRINCIPAL.fullmatch(service):
            message = f'Invalid principal in policy: "SERVICE":"{service}"'
            raise AwsError("MalformedPolicyDocument", message)


def _service_name(call: AwsCall) -> None:
    name = call.parameters["AWSServiceName"]
    if not _SERVICE_PRINCIPAL.fullmatch(name):
        raise AwsError("InvalidInput", f"Service role names must be the principal of a service, not {name}")


def _inline_size(call: AwsCall) -> None:
    role = find_role_named(call.parameters["RoleName"])
    if role is None:
        return
    policies = {**role.policies, call.parameters["PolicyName"]: call.parameters.get("PolicyDocument", "")}
    if sum(_size(text) for text in policies.values()) > INLINE_POLICIES_LIMIT:
        message = f"Maximum policy size of {INLINE_POLICIES_LIMIT} bytes exceeded for role {role.name}"
        raise AwsError("LimitExceeded", message, 409)


def _room_for_tags(call: AwsCall) -> None:
    role = find_role_named(call.parameters["RoleName"])
    tag_limits.check(call, [tag["Key"] for tag in role.tags] if role else ())


def _aws_policies(call: AwsCall) -> None:
    if call.operation == "ListPolicies" or ":iam::aws:policy/" in call.parameters.get("PolicyArn", ""):
        load_aws_managed_policies()


def _boundary_exists(call: AwsCall) -> None:
    """Refuse a permissions boundary that is no managed policy of the account."""
    arn = call.parameters.get("PermissionsBoundary")
    if not arn:
        return
    if ":iam::aws:policy/" in arn:
        load_aws_managed_policies()
    if arn not in iam_backend().managed_policies:
        raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)


def _unused(call: AwsCall) -> None:
    """Refuse deleting a managed policy that is attached to somebody, or some role's permissions boundary."""
    arn = call.parameters.get("PolicyArn")
    policy = iam_backend().managed_policies.get(arn)
    bounded = any(role.permissions_boundary_arn == arn for role in iam_backend().roles.values())
    if bounded or (policy and policy.attachment_count):
        raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)


def _marker(call: AwsCall) -> None:
    """A marker is one that an answer gave: moto's are numbers."""
    marker = call.parameters.get("Marker")
    if marker and not re.fullmatch("[0-9]{1,9}", marker):
        raise AwsError("ValidationError", "Invalid Marker.")


RULES = Rules(
    every=[_names, constraints.check, _marker, tag_limits.check, _aws_policies],
    checks={
        "CreateServiceLinkedRole": [_service_name],
        "CreateRole": [_role_exists, _trust_policy, _boundary_exists],
        "PutRolePermissionsBoundary": [_boundary_exists],
        "DeletePolicy": [_unused],
        "UpdateAssumeRolePolicy": [_trust_policy],
        "PutRolePolicy": [_inline_size],
        "TagRole": [_room_for_tags],
    },
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
