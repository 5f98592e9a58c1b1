"""The hints of the drills, for who repairs by hand: where to look, what to compare, and the calls.

The first two are texts, below. The third is what the steps themselves would call now.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from lambda_over_https.deployment.recorded.call import Call, call_of
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import Called, Event
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PROD_STATEMENT, TEST_STATEMENT
from lambda_over_https.practice.rehearsal.rehearsing import made_up
from lambda_over_https.run_context import RunContext
from lambda_over_https.tutorial.chapters.schedule.group import SCHEDULE_NAME
from lambda_over_https.tutorial.chapters.schedule.schedule import INPUT
from lambda_over_https.tutorial.chapters.throttle import BURST, RATE
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.parts.part import Standing

STAGES = ("where to look", "what to compare", "the calls")
"""What each hint tells, from the first to the last."""

_OF_METHOD = "--rest-api-id {api} --resource-id {resource} --http-method POST"
_SETTINGS = "aws apigateway get-stage --rest-api-id {api} --stage-name prod --query methodSettings"
_DEPLOY = "Callers see the change only after a deployment."


class Hints(NamedTuple):
    """Of one drill: where to look, with which command, and what to compare."""

    where: str
    look: str
    compare: str


HINTS: Mapping[str, Hints] = {  # names in braces are filled in
    "permission": Hints(
        "Who may call a function is in its resource policy. Where no statement is left there is no policy: "
        "then the answer is ResourceNotFoundException.",
        "aws lambda get-policy --function-name {function}",
        "Step 3.6 made two statements, {test_statement} and {prod_statement}. Both allow "
        "apigateway.amazonaws.com to do lambda:InvokeFunction. Only their SourceArn differs: in the place of "
        "the stage one has *, the other prod. For callers the one with * would do; the drill ends when both "
        "are there again.",
    ),
    "policy": Hints(
        "The log says what the function's role may not do. What it may do is in its policy.",
        "aws iam get-role-policy --role-name {role} --policy-name {policy}",
        "The policy allows only writing to the log. Step 2.2 allowed the operations on items of the table "
        "{table} too. PutRolePolicy replaces the whole policy, so give it both.",
    ),
    "raises": Hints(
        "The function runs, and the error comes from its code. Look at the code that Lambda has.",
        "aws lambda get-function-configuration --function-name {function}",
        "Compare CodeSize with the size of the package that step 2.1 made: {archive} has {archive_size} "
        "bytes. The prompt here runs in the folder of that package.",
    ),
    "unmapped": Hints(
        "The status of an answer is chosen by the integration responses.",
        f"aws apigateway get-integration {_OF_METHOD}",
        "integrationResponses has only 200. Step 3.4 made 400, 500 and 504 too, each with a selectionPattern "
        f"and a template. {_DEPLOY}",
    ),
    "redeploy": Hints(
        "The answer of the function is changed on its way back, in the integration response 200.",
        f"aws apigateway get-integration-response {_OF_METHOD} --status-code 200",
        "It has a text in responseTemplates. Step 3.4 sets no such text, so the answer goes through as it "
        f"is. {_DEPLOY}",
    ),
    "closed": Hints(
        "Who may call the API is in its resource policy.",
        "aws apigateway get-rest-api --rest-api-id {api} --query policy",
        "Its only statement has the Effect Deny. The chapter protect has two: the other, with Allow, lets "
        f"everybody do execute-api:Invoke. {_DEPLOY}",
    ),
    "swallowed": Hints(
        "Which methods may use the cache is a setting of the stage.",
        _SETTINGS,
        "cachingEnabled is true for POST. The chapter cache lets only GET use the cache.",
    ),
    "silent": Hints(
        "The schedule calls the function as its role. What that may do is in its policies.",
        "aws iam list-role-policies --role-name {schedule_role}",
        "There is none. The chapter schedule gave it one, {schedule_policy}, which allows "
        "lambda:InvokeFunction on the function.",
    ),
    "eventless": Hints(
        "What a schedule sends is a part of its target.",
        "aws scheduler get-schedule --group-name {schedule_group} --name {schedule}",
        "The target has no Input. The chapter schedule set it to {input}. UpdateSchedule replaces the whole "
        "schedule, so repeat everything that GetSchedule shows.",
    ),
    "unlinked": Hints(
        "A key opens the stage only if it is in the usage plan.",
        "aws apigateway get-usage-plan-keys --usage-plan-id {usage_plan}",
        "The plan has one key. The chapter keys has put two in. `aws apigateway get-api-keys` lists all keys "
        "with their ids.",
    ),
    "hidden": Hints(
        "What API Gateway answers by itself is set by gateway responses.",
        "aws apigateway get-gateway-response --rest-api-id {api} --response-type DEFAULT_4XX",
        "responseParameters is empty. The chapter cors puts the header Access-Control-Allow-Origin there, as "
        f"it does in DEFAULT_5XX. {_DEPLOY}",
    ),
    "brake": Hints(
        "How many requests may pass is a setting of the stage.",
        _SETTINGS,
        "throttlingRateLimit is 0 for POST. The chapter throttle set it to {rate}, and throttlingBurstLimit "
        "to {burst}.",
    ),
}


def hints(drill: str, stack: Stack) -> Hints:
    """The first two hints of ``drill``, with the names and ids of this deployment."""
    facts = _facts(stack)
    return Hints(*(text.format_map(facts) for text in HINTS[drill]))


def calls(numbers: Collection[str], stack: Stack) -> Sequence[Call]:
    """The third hint: the calls by which these steps would repair what they find now."""
    made: list[Call] = []

    def listen(event: Event) -> None:
        if isinstance(event, Called):
            made.append(call_of(event))

    acting = replace(stack, cloud=stack.cloud.rehearsing(RunContext(listen), made_up))
    for step in (each for each in steps_of(stack) if each.number in numbers):
        for part in step.parts(stack):
            seen = part.look(stack)
            if seen.standing is not Standing.OURS and not (part.adopted or part.local):
                part.make(acting, seen)
    return [call for call in made if call.changes]


def _facts(stack: Stack) -> Mapping[str, object]:
    names = stack.names
    return {
        "function": names.function,
        "role": names.role,
        "policy": names.policy,
        "table": names.table,
        "archive": stack.archive,
        "archive_size": stack.archive.stat().st_size,
        "test_statement": TEST_STATEMENT,
        "prod_statement": PROD_STATEMENT,
        "api": _id(stack, Kind.REST_API),
        "resource": _id(stack, Kind.RESOURCE),
        "usage_plan": _id(stack, Kind.USAGE_PLAN),
        "schedule_role": names.schedule_role,
        "schedule_policy": names.schedule_policy,
        "schedule_group": names.schedule_group,
        "schedule": SCHEDULE_NAME,
        "input": INPUT,
        "rate": RATE,
        "burst": BURST,
    }


def _id(stack: Stack, kind: Kind) -> str:
    record = stack.record(kind)
    return record.id if record else ""
