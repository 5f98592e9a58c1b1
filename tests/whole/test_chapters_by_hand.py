"""What the chapters do, done by hand with the real ``aws`` command and curl, on a finished tutorial."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambda_over_https.aws.policies.documents import invoke_policy, scheduler_trust_policy
from lambda_over_https.names import names_for
from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh
from tests.kit.sandbox.control import ACCOUNT
from tests.kit.sandbox.lambda_lab import eventually
from tests.whole.test_by_hand import ECHO, Shell

RUNS_WITHIN = 30.0
"""Seconds within which what was fired has run, on a busy machine."""

PATH = "/~1DynamoDBManager/POST"
ECHOED = (200, {"somekey1": "somevalue1", "somekey2": "somevalue2"})
THROTTLED = (429, {"message": "Too Many Requests"})


class Lesson:
    """A learner's shell beside a finished tutorial, and the ids that the learner reads off ``status``."""

    def __init__(self, shell: Shell, name: str) -> None:
        status = loh("status", "--json", "--name", name).json
        ids = {each["kind"]: each["id"] for each in status["resources"]}
        self.shell, self.names = shell, names_for(name)
        self.api, self.resource = ids["apigateway:restapi"], ids["apigateway:resource"]
        self.url = status["invoke_url"]

    def post(self, *headers: str) -> tuple[int, object]:
        return self.shell.curl(self.url, ECHO, *headers)

    def gateway(self, operation: str, *arguments: str) -> object:
        return self.shell.aws("apigateway", operation, "--rest-api-id", self.api, *arguments)


@pytest.fixture
def lesson(loaded_aws: LoadedAws, account: Account, tmp_path: Path) -> Iterator[Lesson]:
    name = finished("by-hand")
    yield Lesson(Shell(loaded_aws.command, account, tmp_path, "us-east-1"), name)
    assert loh("run", "--no-pause", "--name", name).code == 0


def test_throttle_by_hand(lesson: Lesson) -> None:
    limits = ("--stage-name", "prod", "--patch-operations")
    told = lesson.gateway(
        *("update-stage", *limits),
        f"op=replace,path={PATH}/throttling/rateLimit,value=2",
        f"op=replace,path={PATH}/throttling/burstLimit,value=3",
    )
    assert isinstance(told, dict)
    settings = told["methodSettings"]["~1DynamoDBManager/POST"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (2.0, 3)
    lesson.gateway("update-stage", *limits, f"op=replace,path={PATH}/throttling/rateLimit,value=0")
    assert lesson.post() == THROTTLED
    lesson.gateway("update-stage", *limits, f"op=remove,path={PATH}")
    assert lesson.post() == ECHOED


def test_keys_by_hand(lesson: Lesson) -> None:
    aws = lesson.shell.aws
    method = ("--resource-id", lesson.resource, "--http-method", "POST")
    ask = "op=replace,path=/apiKeyRequired,value=true"
    lesson.gateway("update-method", *method, "--patch-operations", ask)
    assert lesson.post() == ECHOED  # not deployed yet
    lesson.gateway("create-deployment", "--stage-name", "prod")
    assert lesson.post() == (403, {"message": "Forbidden"})
    plan = aws(
        *("apigateway", "create-usage-plan", "--name", "by-hand"),
        *("--api-stages", f"apiId={lesson.api},stage=prod"),
        *("--throttle", "burstLimit=20,rateLimit=10", "--quota", "limit=2,period=DAY"),
    )["id"]
    key = aws("apigateway", "create-api-key", "--name", "by-hand", "--enabled")
    header = f"x-api-key: {key['value']}"
    assert lesson.post(header) == (403, {"message": "Forbidden"})
    in_plan = ("--usage-plan-id", plan, "--key-id", key["id"])
    aws("apigateway", "create-usage-plan-key", *in_plan, "--key-type", "API_KEY")
    assert [lesson.post(header) for _ in range(2)] == [ECHOED, ECHOED]
    assert lesson.post(header) == (429, {"message": "Limit Exceeded"})
    today = datetime.now(UTC).date().isoformat()
    dates = ("--start-date", today, "--end-date", today)
    usage = aws("apigateway", "get-usage", "--usage-plan-id", plan, *dates)
    assert usage["items"][key["id"]][-1][1] == 0
    which = ("--usage-plan-id", plan)
    refused = lesson.shell.fails("apigateway", "delete-usage-plan", *which)
    assert "because there are API Stages associated with it" in refused
    off = f"op=remove,path=/apiStages,value={lesson.api}:prod"
    aws("apigateway", "update-usage-plan", *which, "--patch-operations", off)
    aws("apigateway", "delete-usage-plan", *which)
    aws("apigateway", "delete-api-key", "--api-key", key["id"])


def test_schedule_by_hand(lesson: Lesson) -> None:
    aws, function = lesson.shell.aws, lesson.names.function
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{function}"
    group = aws("scheduler", "create-schedule-group", "--name", "by-hand")["ScheduleGroupArn"]
    role = ("--role-name", "by-hand-scheduler")
    trust = json.dumps(scheduler_trust_policy(group, ACCOUNT))
    made = aws("iam", "create-role", *role, "--assume-role-policy-document", trust)["Role"]["Arn"]
    policy = ("--policy-name", "invoke", "--policy-document", json.dumps(invoke_policy(arn)))
    aws("iam", "put-role-policy", *role, *policy)
    target = json.dumps({"Arn": arn, "RoleArn": made, "Input": '{"operation": "ping"}'})
    where = ("--name", "often", "--group-name", "by-hand")
    create = ("create-schedule", *where, "--flexible-time-window", "Mode=OFF", "--target", target)
    refused = lesson.shell.fails("scheduler", *create, "--schedule-expression", "every minute")
    assert "Invalid Schedule Expression every minute." in refused
    schedule = aws("scheduler", *create, "--schedule-expression", "rate(1 minute)")["ScheduleArn"]
    before = _runs(lesson)
    assert loh("sandbox", "fire", schedule).code == 0
    assert eventually(lambda: _runs(lesson) > before, RUNS_WITHIN)
    aws("scheduler", "delete-schedule", *where)
    aws("scheduler", "delete-schedule-group", "--name", "by-hand")
    aws("iam", "delete-role-policy", *role, "--policy-name", "invoke")
    aws("iam", "delete-role", *role)


def _runs(lesson: Lesson) -> int:
    group = ("--log-group-name", lesson.names.log_group)
    events = lesson.shell.aws("logs", "filter-log-events", *group)["events"]
    return sum(each["message"].startswith("REPORT RequestId") for each in events)
