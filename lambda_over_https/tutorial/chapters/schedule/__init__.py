"""Schedule: EventBridge Scheduler calls the function every minute, with a role of its own."""

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.chapters.schedule.group import GROUP, NAME
from lambda_over_https.tutorial.chapters.schedule.role import LENT_ROLE, ROLE, ROLE_POLICY
from lambda_over_https.tutorial.chapters.schedule.schedule import SCHEDULE
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import Part


def _parts(stack: Stack) -> tuple[Part, ...]:
    if stack.choices.role_arn:
        return (GROUP, LENT_ROLE, SCHEDULE)
    return (GROUP, ROLE, ROLE_POLICY, SCHEDULE)


CHAPTER = Chapter(
    outline=outline(NAME),
    parts=_parts,
    also=(ROLE, ROLE_POLICY),
    calls={
        "iam:GetRole": needs("schedule role", "iam:GetRole"),
        "iam:CreateRole": (
            *needs("bounded schedule role", "iam:CreateRole"),
            *needs("tagged schedule role", "iam:TagRole"),
        ),
        "iam:DeleteRole": needs("schedule role", "iam:DeleteRole"),
        "iam:GetRolePolicy": needs("schedule role", "iam:GetRolePolicy"),
        "iam:PutRolePolicy": needs("bounded schedule role", "iam:PutRolePolicy"),
        "iam:DeleteRolePolicy": needs("schedule role", "iam:DeleteRolePolicy"),
        "iam:ListRolePolicies": needs("schedule role", "iam:ListRolePolicies"),
        "iam:ListAttachedRolePolicies": needs("schedule role", "iam:ListAttachedRolePolicies"),
        "iam:ListInstanceProfilesForRole": needs("schedule role", "iam:ListInstanceProfilesForRole"),
        "scheduler:GetScheduleGroup": needs("schedule group", "scheduler:GetScheduleGroup"),
        "scheduler:ListTagsForResource": needs("schedule group", "scheduler:ListTagsForResource"),
        "scheduler:ListSchedules": needs("everything", "scheduler:ListSchedules"),
        "scheduler:CreateScheduleGroup": needs(
            "schedule group", "scheduler:CreateScheduleGroup", "scheduler:TagResource"
        ),
        "scheduler:DeleteScheduleGroup": needs("schedule group", "scheduler:DeleteScheduleGroup"),
        "scheduler:GetSchedule": needs("schedule", "scheduler:GetSchedule"),
        "scheduler:CreateSchedule": (
            *needs("schedule", "scheduler:CreateSchedule"),
            *needs("passed schedule role", "iam:PassRole"),
        ),
        "scheduler:UpdateSchedule": (
            *needs("schedule", "scheduler:UpdateSchedule"),
            *needs("passed schedule role", "iam:PassRole"),
        ),
        "scheduler:DeleteSchedule": needs("schedule", "scheduler:DeleteSchedule"),
    },
)
