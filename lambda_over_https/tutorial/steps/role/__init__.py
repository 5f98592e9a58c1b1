"""Step 2.2: the execution role, whose permissions the running function has."""

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.role.lent import LENT_ROLE
from lambda_over_https.tutorial.steps.role.policy import ROLE_POLICY
from lambda_over_https.tutorial.steps.role.role import ROLE


def _parts(stack: Stack) -> tuple[Part, ...]:
    return (LENT_ROLE,) if stack.choices.role_arn else (ROLE, ROLE_POLICY)


STEP = Step(lesson("2.2"), needs=("1",), parts=_parts, also=(ROLE, ROLE_POLICY))
