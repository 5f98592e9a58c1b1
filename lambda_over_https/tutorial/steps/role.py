"""Step 2.2: the execution role, whose permissions the running function has."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.aws.policies.documents import Document, execution_policy, trust_policy, tutorial_policy
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.step import (
    ABSENT,
    Evidence,
    Part,
    Product,
    Sighting,
    Standing,
    Step,
    deleted,
)

LAMBDA = "lambda.amazonaws.com"


class Role(Part):
    """The IAM role; its trust policy lets Lambda assume it."""

    def name(self, stack: Stack) -> str:
        return stack.names.role

    def look(self, stack: Stack) -> Sighting:
        iam = stack.cloud.iam
        try:
            role = iam.get_role(RoleName=stack.names.role)["Role"]
        except iam.exceptions.NoSuchEntityException:
            return ABSENT
        tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}
        if not stack.owns(tags):
            return Sighting(
                Standing.FOREIGN, "a role of this name exists", role["RoleId"], role["Arn"], tags=tags
            )
        standing, reason, kept = judge_trust(role["AssumeRolePolicyDocument"])
        return Sighting(standing, reason, role["RoleId"], role["Arn"], tags=tags, tuned=kept)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.PARTIAL:
            stack.cloud.iam.update_assume_role_policy(
                RoleName=stack.names.role, PolicyDocument=json.dumps(trust_policy())
            )
            return Product(seen.id, seen.arn)
        role = stack.cloud.iam.create_role(
            RoleName=stack.names.role,
            AssumeRolePolicyDocument=json.dumps(trust_policy()),
            Description="Execution role of the tutorial's function (lambda-over-https)",
            Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
        )["Role"]
        return Product(role["RoleId"], role["Arn"])

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        iam = stack.cloud.iam
        try:
            try:
                iam.delete_role(RoleName=stack.names.role)
            except iam.exceptions.DeleteConflictException:
                _clear(stack, force=force)
                iam.delete_role(RoleName=stack.names.role)
        except iam.exceptions.NoSuchEntityException:
            return False
        return True

    def additions(self, stack: Stack) -> Sequence[str]:
        inline, attached = _added_policies(stack)
        return (
            *(f"the inline policy {name} of the role (only with --force)" for name in inline),
            *(f"the attachment of {arn} to the role (the policy itself stays)" for arn in attached),
        )


def judge_trust(document: Any) -> tuple[Standing, str, tuple[str, ...]]:
    """Whether Lambda may assume the role; who else may, somebody has decided on purpose."""
    statements = _listed(document["Statement"])
    for_lambda = [each for each in statements if _names_lambda(each.get("Principal", {}))]
    if any(each["Effect"] == "Deny" for each in for_lambda):
        return Standing.PARTIAL, "its trust policy denies Lambda to assume it", ()
    if not any("Condition" not in each for each in for_lambda):
        return Standing.PARTIAL, "its trust policy does not let Lambda assume it", ()
    others = len(statements) - len(for_lambda)
    return Standing.OURS, "", (f"its trust policy, which has {others} more",) if others else ()


def _names_lambda(principal: Any) -> bool:
    if isinstance(principal, str):
        return principal == "*"
    return LAMBDA in _listed(principal.get("Service", [])) or "*" in _listed(principal.get("AWS", []))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _added_policies(stack: Stack) -> tuple[list[str], list[str]]:
    """What somebody else put on the role: names of inline policies, ARNs of attached ones."""
    iam, role = stack.cloud.iam, stack.names.role
    inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return [name for name in inline if name != stack.names.policy], [each["PolicyArn"] for each in attached]


def _clear(stack: Stack, *, force: bool) -> None:
    """Make the role deletable: a managed policy outlives its detachment, an inline one would be lost."""
    iam, role = stack.cloud.iam, stack.names.role
    inline, attached = _added_policies(stack)
    if inline and not force:
        names = ", ".join(inline)
        raise LohError(
            f"Somebody added the inline policy {names} to it.",
            "Remove it from the role if it is not needed, or let `loh teardown --force` do it.",
        )
    for arn in attached:
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for name in inline:
        iam.delete_role_policy(RoleName=role, PolicyName=name)


class RolePolicy(Part):
    """The inline policy: what the function may do."""

    def name(self, stack: Stack) -> str:
        return stack.names.policy

    def look(self, stack: Stack) -> Sighting:
        iam = stack.cloud.iam
        try:
            found = iam.get_role_policy(RoleName=stack.names.role, PolicyName=stack.names.policy)
        except iam.exceptions.NoSuchEntityException:
            return ABSENT
        if found["PolicyDocument"] != _policy(stack):
            return Sighting(Standing.PARTIAL, "the policy differs from ours", stack.names.policy)
        return Sighting(Standing.OURS, id=stack.names.policy)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.iam.put_role_policy(
            RoleName=stack.names.role,
            PolicyName=stack.names.policy,
            PolicyDocument=json.dumps(_policy(stack)),
        )
        return Product(stack.names.policy)

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """Whether the tutorial's wide policy was chosen."""
        iam = stack.cloud.iam
        try:
            found = iam.get_role_policy(RoleName=stack.names.role, PolicyName=stack.names.policy)
        except iam.exceptions.NoSuchEntityException:
            return so_far
        wide = "yes" if found["PolicyDocument"] == tutorial_policy() else ""
        return replace(so_far, choices=replace(so_far.choices, tutorial_policy=wide))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        iam = stack.cloud.iam
        return deleted(
            lambda: iam.delete_role_policy(RoleName=stack.names.role, PolicyName=stack.names.policy),
            iam.exceptions.NoSuchEntityException,
        )


class LentRole(Part):
    """A role lent with ``--role-arn`` (a Learner Lab's LabRole): used, never changed, never deleted."""

    def name(self, stack: Stack) -> str:
        return stack.choices.role_arn.rpartition("/")[2]

    def look(self, stack: Stack) -> Sighting:
        iam = stack.cloud.iam
        if self.name(stack) == stack.names.role and stack.record(Kind.ROLE_POLICY):
            raise LohError(
                f"The role {stack.names.role} is this deployment's own.", "Leave out --role-arn.", "2.2"
            )
        try:
            role = iam.get_role(RoleName=self.name(stack))["Role"]
        except iam.exceptions.NoSuchEntityException:
            raise _no_such_role(stack) from None
        if role["Arn"] != stack.choices.role_arn:
            raise _no_such_role(stack)
        return Sighting(Standing.OURS, id=role["RoleId"], arn=role["Arn"])

    def make(self, stack: Stack, seen: Sighting) -> Product:
        raise _no_such_role(stack)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        return False


def _no_such_role(stack: Stack) -> LohError:
    return LohError(f"There is no role {stack.choices.role_arn}.", "Check --role-arn.", "2.2")


def _policy(stack: Stack) -> Document:
    if stack.choices.tutorial_policy:
        return tutorial_policy()
    return execution_policy(stack.table_arn, stack.log_group_arn)


ROLE = Role(
    kind=Kind.ROLE,
    creates=("iam:CreateRole",),
    updates=("iam:UpdateAssumeRolePolicy",),
    after=(Kind.FUNCTION, Kind.ROLE_POLICY),
)
ROLE_POLICY = RolePolicy(
    kind=Kind.ROLE_POLICY,
    owner=Kind.ROLE,
    creates=("iam:PutRolePolicy",),
    updates=("iam:PutRolePolicy",),
    after=(Kind.FUNCTION,),
    rests_on=(Kind.ROLE,),
)
LENT_ROLE = LentRole(kind=Kind.ROLE, adopted=True)


def _parts(stack: Stack) -> tuple[Part, ...]:
    return (LENT_ROLE,) if stack.choices.role_arn else (ROLE, ROLE_POLICY)


STEP = Step(lesson("2.2"), needs=("1",), parts=_parts, also=(ROLE, ROLE_POLICY))
