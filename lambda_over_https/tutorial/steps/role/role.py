"""The role itself: whom it trusts, its permissions boundary, and what others have put on it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.aws.policies.documents import Document, trust_policy
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import ABSENT, Evidence, Listing, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.steps.role.trust import judge_trust

_BOUNDARY = "PermissionsBoundary"


class Role(Part):
    """The IAM role; its trust policy lets Lambda assume it."""

    description = "Execution role of the tutorial's function (lambda-over-https)"

    def name(self, stack: Stack) -> str:
        return stack.names.role

    def policy(self, stack: Stack) -> str:
        """The name of our inline policy in it."""
        return stack.names.policy

    def trust(self, stack: Stack) -> Document:
        """Its trust policy."""
        return trust_policy()

    def judge(self, stack: Stack, document: Any) -> tuple[Standing, str, tuple[str, ...]]:
        """How a trust policy found at AWS is: its standing, why, and what somebody has added to it."""
        return judge_trust(document)

    def look(self, stack: Stack) -> Sighting:
        iam = stack.cloud.iam
        try:
            role = iam.get_role(RoleName=self.name(stack))["Role"]
        except iam.exceptions.NoSuchEntityException:
            return ABSENT if stack.had(self.kind) else self._in_another_case(stack)
        tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}
        if not stack.owns(tags):
            return Sighting(
                Standing.FOREIGN, "a role of this name exists", role["RoleId"], role["Arn"], tags=tags
            )
        standing, reason, kept = self.judge(stack, role["AssumeRolePolicyDocument"])
        member = ""
        if standing is Standing.OURS and _boundary_of(role) != _wanted_boundary(stack, role):
            standing, member = Standing.PARTIAL, _BOUNDARY
            reason = "its permissions boundary is not the one that was chosen"
        kept = (*kept, *_tuned_boundary(stack, role))
        return Sighting(standing, reason, role["RoleId"], role["Arn"], tags=tags, tuned=kept, member=member)

    def calls(self, sighting: Sighting) -> tuple[str, ...]:
        """Of the two corrections, what is wrong asks for one."""
        if sighting.standing is Standing.PARTIAL:
            return self.updates[1:] if sighting.member == _BOUNDARY else self.updates[:1]
        return super().calls(sighting)

    def _in_another_case(self, stack: Stack) -> Sighting:
        """A role whose name differs from ours in case alone, if there is one: it keeps ours from being made.

        (IAM user guide, "IAM and AWS STS quotas": names are unique, and case does not count.)
        """
        iam, wanted = stack.cloud.iam, self.name(stack).lower()
        pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1000})
        try:
            for role in (each for page in pages for each in page["Roles"]):
                if role["RoleName"].lower() == wanted:
                    reason = f"IAM ignores case in names, and a role {role['RoleName']} exists"
                    return Sighting(Standing.FOREIGN, reason, role["RoleId"], role["Arn"])
        except iam.exceptions.ClientError:
            return ABSENT  # not allowed, or an endpoint that cannot: CreateRole says the same
        return ABSENT

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.PARTIAL:
            self._correct(stack)
            return Product(seen.id, seen.arn)
        boundary = stack.choices.permissions_boundary
        bounded: Any = {"PermissionsBoundary": boundary} if boundary else {}
        role = stack.cloud.iam.create_role(
            RoleName=self.name(stack),
            AssumeRolePolicyDocument=json.dumps(self.trust(stack)),
            Description=self.description,
            Tags=stack.tag_list,
            **bounded,
        )["Role"]
        return Product(role["RoleId"], role["Arn"])

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.iam.tag_role(RoleName=self.name(stack), Tags=stack.tag_list)
        return Product(seen.id, seen.arn)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        iam = stack.cloud.iam
        try:
            try:
                iam.delete_role(RoleName=self.name(stack))
            except iam.exceptions.DeleteConflictException:
                self._clear(stack, force=force)
                iam.delete_role(RoleName=self.name(stack))
        except iam.exceptions.NoSuchEntityException:
            return False
        return True

    def additions(self) -> Sequence[Listing]:
        return self._policies, self._places

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """Which permissions boundary was chosen."""
        iam = stack.cloud.iam
        try:
            role = iam.get_role(RoleName=self.name(stack))["Role"]
        except iam.exceptions.NoSuchEntityException:
            return so_far
        return replace(so_far, choices=replace(so_far.choices, permissions_boundary=_boundary_of(role)))

    def _correct(self, stack: Stack) -> None:
        """Correct what is wrong with our role: whom it trusts, its boundary."""
        iam, name = stack.cloud.iam, self.name(stack)
        role = iam.get_role(RoleName=name)["Role"]
        if self.judge(stack, role["AssumeRolePolicyDocument"])[0] is Standing.PARTIAL:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(self.trust(stack)))
        wanted = _wanted_boundary(stack, role)
        if _boundary_of(role) != wanted:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=wanted)

    def _added_policies(self, stack: Stack) -> tuple[list[str], list[str]]:
        """What somebody else put on the role: names of inline policies, ARNs of attached ones."""
        iam, role = stack.cloud.iam, self.name(stack)
        inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        others = [name for name in inline if name != self.policy(stack)]
        return others, [each["PolicyArn"] for each in attached]

    def _policies(self, stack: Stack) -> Iterator[str]:
        inline, attached = self._added_policies(stack)
        yield from (f"the inline policy {name} of the role (only with --force)" for name in inline)
        yield from (f"the attachment of {arn} to the role (the policy itself stays)" for arn in attached)

    def _profiles(self, stack: Stack) -> list[str]:
        """The instance profiles that hold the role: a server may have its permissions from there."""
        found = stack.cloud.iam.list_instance_profiles_for_role(RoleName=self.name(stack))
        return [each["InstanceProfileName"] for each in found["InstanceProfiles"]]

    def _places(self, stack: Stack) -> Iterator[str]:
        for name in self._profiles(stack):
            yield f"the role's place in the instance profile {name} (only with --force; the profile stays)"

    def _clear(self, stack: Stack, *, force: bool) -> None:
        """Make the role deletable: a managed policy outlives its detachment, an inline one would be lost."""
        iam, role = stack.cloud.iam, self.name(stack)
        inline, attached = self._added_policies(stack)
        profiles = self._profiles(stack)
        if not force:
            _refuse_to_clear(role, inline, profiles)
        for profile in profiles:
            iam.remove_role_from_instance_profile(InstanceProfileName=profile, RoleName=role)
        for arn in attached:
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for name in inline:
            iam.delete_role_policy(RoleName=role, PolicyName=name)


def _refuse_to_clear(role: str, inline: Sequence[str], profiles: Sequence[str]) -> None:
    """Raise LohError if somebody would lose something."""
    if inline:
        raise LohError(
            f"Somebody added the inline policy {', '.join(inline)} to it.",
            "Remove it from the role if it is not needed, or let `loh teardown --force` do it.",
        )
    for profile in profiles:
        command = f"aws iam remove-role-from-instance-profile --instance-profile-name {profile}"
        raise LohError(
            f"Somebody put it into the instance profile {profile}: servers may use it.",
            f"Take it out if none does: `{command} --role-name {role}`, or let `loh teardown --force` do it.",
        )


def _boundary_of(role: Any) -> str:
    """The ARN of the role's permissions boundary; empty if it has none."""
    return str(role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))


def _wanted_boundary(stack: Stack, role: Any) -> str:
    """The boundary that was chosen; without a choice, whatever the role has stays."""
    return stack.choices.permissions_boundary or _boundary_of(role)


def _tuned_boundary(stack: Stack, role: Any) -> tuple[str, ...]:
    has = _boundary_of(role)
    return (f"its permissions boundary {has}",) if has and not stack.choices.permissions_boundary else ()


ROLE = Role(
    kind=Kind.ROLE,
    creates=("iam:CreateRole",),
    updates=("iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary"),
    after=(Kind.FUNCTION, Kind.ROLE_POLICY),
)
