"""The role that a schedule assumes, and its policy: ours, or one that the user lends."""

from typing import Any

from lambda_over_https.aws.policies.documents import Document, invoke_policy, scheduler_trust_policy
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapters.schedule.group import NAME, group_arn
from lambda_over_https.tutorial.parts.part import Standing
from lambda_over_https.tutorial.steps.role.lent import LentRole
from lambda_over_https.tutorial.steps.role.policy import InlinePolicy
from lambda_over_https.tutorial.steps.role.role import Role
from lambda_over_https.tutorial.steps.role.trust import trusting

SCHEDULER = "scheduler.amazonaws.com"


class ScheduleRole(Role):
    """The role that Scheduler assumes: for the schedules of our group alone."""

    description = "Lets a schedule call the tutorial's function (lambda-over-https)"

    def name(self, stack: Stack) -> str:
        return stack.names.schedule_role

    def policy(self, stack: Stack) -> str:
        return stack.names.schedule_policy

    def trust(self, stack: Stack) -> Document:
        return scheduler_trust_policy(group_arn(stack), stack.place.account)

    def judge(self, stack: Stack, document: Any) -> tuple[Standing, str, tuple[str, ...]]:
        if document != self.trust(stack):
            return Standing.PARTIAL, "its trust policy differs from ours", ()
        return Standing.OURS, "", ()


class ScheduleRolePolicy(InlinePolicy):
    """What a schedule may do: call the function."""

    def name(self, stack: Stack) -> str:
        return stack.names.schedule_policy

    def role(self, stack: Stack) -> str:
        return stack.names.schedule_role

    def document(self, stack: Stack) -> Document:
        return invoke_policy(stack.function_arn)


class LentScheduleRole(LentRole):
    """The role lent with ``--role-arn``, if Scheduler may assume it."""

    def check(self, stack: Stack, role: Any) -> None:
        allowed = trusting(role["AssumeRolePolicyDocument"], SCHEDULER)
        if not allowed or any(each["Effect"] == "Deny" for each in allowed):
            raise LohError(
                f"The role {self.name(stack)} does not let EventBridge Scheduler assume it.",
                f"What is missing: its trust policy must allow sts:AssumeRole to the service {SCHEDULER}, "
                "and its permissions lambda:InvokeFunction. If you may not change it, switch this chapter on "
                "in a deployment that has a role of its own.",
            )


ROLE = ScheduleRole(
    kind=Kind.SCHEDULE_ROLE,
    creates=("iam:CreateRole",),
    updates=("iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary"),
    removes=("iam:DeleteRole",),
    after=(Kind.SCHEDULE, Kind.SCHEDULE_ROLE_POLICY),
    chapter=NAME,
)

ROLE_POLICY = ScheduleRolePolicy(
    kind=Kind.SCHEDULE_ROLE_POLICY,
    owner=Kind.SCHEDULE_ROLE,
    creates=("iam:PutRolePolicy",),
    updates=("iam:PutRolePolicy",),
    removes=("iam:DeleteRolePolicy",),
    after=(Kind.SCHEDULE,),
    rests_on=(Kind.SCHEDULE_ROLE,),
    chapter=NAME,
)

LENT_ROLE = LentScheduleRole(kind=Kind.SCHEDULE_ROLE, adopted=True, chapter=NAME)
