"""The inline policy of a role of ours: what it may do."""

import json
from abc import abstractmethod
from dataclasses import replace

from lambda_over_https.aws.policies.documents import Document, execution_policy, grants, tutorial_policy
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import ABSENT, Evidence, Part, Product, Sighting, Standing, deleted


class InlinePolicy(Part):
    """An inline policy of a role of ours."""

    @abstractmethod
    def role(self, stack: Stack) -> str:
        """The name of the role."""

    @abstractmethod
    def document(self, stack: Stack) -> Document:
        """What it says."""

    def look(self, stack: Stack) -> Sighting:
        iam, name = stack.cloud.iam, self.name(stack)
        try:
            found = iam.get_role_policy(RoleName=self.role(stack), PolicyName=name)
        except iam.exceptions.NoSuchEntityException:
            return ABSENT
        if grants(found["PolicyDocument"]) != grants(self.document(stack)):
            return Sighting(Standing.PARTIAL, "the policy differs from ours", name)
        return Sighting(Standing.OURS, id=name)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.iam.put_role_policy(
            RoleName=self.role(stack),
            PolicyName=self.name(stack),
            PolicyDocument=json.dumps(self.document(stack)),
        )
        return Product(self.name(stack))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        iam = stack.cloud.iam
        return deleted(
            lambda: iam.delete_role_policy(RoleName=self.role(stack), PolicyName=self.name(stack)),
            iam.exceptions.NoSuchEntityException,
        )


class RolePolicy(InlinePolicy):
    """The inline policy: what the function may do."""

    def name(self, stack: Stack) -> str:
        return stack.names.policy

    def role(self, stack: Stack) -> str:
        return stack.names.role

    def document(self, stack: Stack) -> Document:
        if stack.choices.tutorial_policy:
            return tutorial_policy()
        return execution_policy(stack.table_arn, stack.log_group_arn)

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """Whether the tutorial's wide policy was chosen."""
        iam = stack.cloud.iam
        try:
            found = iam.get_role_policy(RoleName=stack.names.role, PolicyName=stack.names.policy)
        except iam.exceptions.NoSuchEntityException:
            return so_far
        wide = found["PolicyDocument"] == tutorial_policy()
        return replace(so_far, choices=replace(so_far.choices, tutorial_policy=wide))


ROLE_POLICY = RolePolicy(
    kind=Kind.ROLE_POLICY,
    owner=Kind.ROLE,
    creates=("iam:PutRolePolicy",),
    updates=("iam:PutRolePolicy",),
    after=(Kind.FUNCTION,),
    rests_on=(Kind.ROLE,),
)
