"""A role of the user's own in the place of ours."""

from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import Part, Product, Sighting, Standing


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
        self.check(stack, role)
        return Sighting(Standing.OURS, id=role["RoleId"], arn=role["Arn"])

    def check(self, stack: Stack, role: Any) -> None:
        """Raise LohError if the role cannot be used; whether Lambda may assume it, Lambda says."""

    def make(self, stack: Stack, seen: Sighting) -> Product:
        raise _no_such_role(stack)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        return False


def _no_such_role(stack: Stack) -> LohError:
    return LohError(f"There is no role {stack.choices.role_arn}.", "Check --role-arn.", "2.2")


LENT_ROLE = LentRole(kind=Kind.ROLE, adopted=True)
