"""What a role, its policy, a log group, a function and a permission should be, and why."""

from collections.abc import Sequence
from typing import Any

from lambda_over_https.aws.policies.documents import grants
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import HANDLER, TABLE_VARIABLE
from lambda_over_https.practice.by_hand.judged import Field
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.tutorial.parts.part import Part, Standing
from lambda_over_https.tutorial.parts.reading import function_policy
from lambda_over_https.tutorial.steps.function.log_group import RETENTION_DAYS, LogGroup
from lambda_over_https.tutorial.steps.permission import ACTION, PRINCIPAL, Permission
from lambda_over_https.tutorial.steps.role.policy import RolePolicy
from lambda_over_https.tutorial.steps.role.trust import LAMBDA, judge_trust
from lambda_over_https.words import told

NOTHING = "nothing"
KEPT = f"a limit, such as {RETENTION_DAYS} days"


def role(_: Part, stack: Stack) -> Sequence[Field] | None:
    """The execution role: who may assume it, and its path."""
    iam = stack.cloud.iam
    try:
        found = iam.get_role(RoleName=stack.names.role)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return None
    standing, reason, _more = judge_trust(found["AssumeRolePolicyDocument"])
    trusted = f"{LAMBDA} may assume it"
    return [
        Field(
            "AssumeRolePolicyDocument",
            trusted if standing is Standing.OURS else reason,
            trusted,
            "Lambda assumes the role each time it starts your function. If the trust policy does not allow"
            " it, CreateFunction is refused: the role cannot be assumed by Lambda.",
        ),
        Field("Path", found["Path"], "/", "The path is a part of the role's ARN, and so of who may use it."),
    ]


def role_policy(part: RolePolicy, stack: Stack) -> Sequence[Field] | None:
    """The inline policy, by what it grants: order and Sids do not matter."""
    iam = stack.cloud.iam
    try:
        found = iam.get_role_policy(RoleName=stack.names.role, PolicyName=stack.names.policy)
    except iam.exceptions.NoSuchEntityException:
        return None
    granted, wanted = grants(found["PolicyDocument"]), grants(part.document(stack))
    return [
        Field(
            "what PolicyDocument allows besides",
            _without_condition(granted - wanted) or NOTHING,
            NOTHING,
            "A function should have the permissions that it needs, and no more: whoever finds a hole in its"
            " code can do what its role may do.",
        ),
        Field(
            "what PolicyDocument lacks",
            _without_condition(wanted - granted) or NOTHING,
            NOTHING,
            "What the policy does not allow is refused when the function runs: AccessDenied, in its log.",
        ),
    ]


def _without_condition(grants: frozenset[tuple[str, str, str, str]]) -> str:
    return ", ".join(sorted(f"{action} on {resource}" for _, action, resource, _condition in grants))


def log_group(part: LogGroup, stack: Stack) -> Sequence[Field] | None:
    """The log group: how long it keeps its lines."""
    name = part.name(stack)
    groups = stack.cloud.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((each for each in groups if each["logGroupName"] == name), None)
    if group is None:
        return None
    days = group.get("retentionInDays")
    return [
        Field(
            "retentionInDays",
            KEPT if days else "not set",
            KEPT,
            f"Without a retention the lines are kept, and paid for, for ever. {RETENTION_DAYS} days are"
            " enough here: `aws logs put-retention-policy`.",
            to_do=not days,
        )
    ]


def function(_: Part, stack: Stack) -> Sequence[Field] | None:
    """The function: what must be so for the tutorial. Memory and timeout are the learner's choice."""
    lambda_ = stack.cloud.lambda_
    try:
        found: Any = lambda_.get_function_configuration(FunctionName=stack.names.function)
    except lambda_.exceptions.ResourceNotFoundException:
        return None
    package = stack.record(Kind.ARCHIVE)
    sha256 = package.detail.get("code_sha256", "") if package else found["CodeSha256"]
    variables = found.get("Environment", {}).get("Variables", {})
    return [
        Field("Handler", found.get("Handler", ""), HANDLER, _handler(found.get("Handler", ""))),
        Field(
            "Runtime",
            found.get("Runtime", ""),
            RUNTIMES[stack.choices.runtime],
            "The runtime is the language and its version; the package holds a file in that language.",
        ),
        Field("Role", found.get("Role", ""), stack.role_arn, "The function has this role's permissions."),
        Field(
            "CodeSha256",
            found["CodeSha256"],
            sha256,
            "The code is not the package of step 2.1. `aws lambda update-function-code` with that zip file"
            " replaces it.",
        ),
        Field(
            f"Environment {TABLE_VARIABLE}",
            variables.get(TABLE_VARIABLE, "not set"),
            stack.names.table,
            "Events need not name the table: then the handler reads its name from this variable.",
            to_do=TABLE_VARIABLE not in variables,
        ),
        _state(found.get("State", "Active")),
    ]


def _state(seen: str) -> Field:
    why = (
        "Lambda is still preparing it. Wait a moment."
        if seen == "Pending"
        else "Lambda could not prepare it."
    )
    return Field("State", seen, "Active", why, passing=seen == "Pending")


def _handler(seen: str) -> str:
    file, _, called = seen.rpartition(".")
    wanted_file, _, wanted_called = HANDLER.rpartition(".")
    said = "The handler is FILE.FUNCTION. "
    if file != wanted_file:
        said += f"Lambda would look for a file {file or seen}, which is not in the package: "
        return said + "each call would fail with Runtime.ImportModuleError."
    return said + f"The file has a function {wanted_called}, and none named {called}."


def permission(part: Permission, stack: Stack) -> Sequence[Field] | None:
    """One statement of the function's resource policy."""
    found = function_policy(stack).get(part.name(stack))
    if found is None:
        return None
    condition = found.get("Condition", {})
    source, wanted = condition.get("ArnLike", {}).get("AWS:SourceArn"), part.source_arn(stack)
    more = {key: value for key, value in condition.items() if key != "ArnLike"}
    return [
        Field(
            "SourceArn",
            told(source),
            wanted,
            "It says which API, stage, verb and path may invoke the function. If one letter differs, callers"
            " get 500 and no error says why.",
        ),
        Field(
            "Principal",
            _principal(found.get("Principal")),
            PRINCIPAL,
            "The principal is who may invoke the function: the service API Gateway.",
        ),
        Field("Action", told(found.get("Action")), ACTION, "API Gateway only invokes the function."),
        Field("Condition", told(more or "no more"), "no more", "A further condition may refuse it."),
    ]


def _principal(found: Any) -> str:
    return told(found.get("Service", found) if isinstance(found, dict) else found)
