"""What the doctor says of a deployment, word for word, and the command that it gives."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.aws.quotas import REQUESTS_A_SECOND
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.doctor import Finding, Probe, Remark, Wrong, examine
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.states import RecordState
from tests.kit.in_memory.memory import box, step
from tests.kit.in_memory.patient import NAMES, Patient, told

pytestmark = pytest.mark.usefixtures("alice_on_aws")

RUN = "loh run --target aws --name alice"


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path)


# --- what a finding says ---


def test_a_remark_is_a_finding_of_its_own_kind_though_nothing_is_wrong() -> None:
    probes = [Probe("a", lambda: Remark("by the way")), Probe("b", lambda: "well")]
    assert list(examine(probes)) == [
        Finding("a", True, "by the way", remark=True),
        Finding("b", True, "well"),
    ]


def test_an_error_of_awss_names_its_commands_with_the_options_in_force() -> None:
    def look() -> str:
        raise LohError("Denied to `loh run`.", "Type `loh run`.")

    assert list(examine([Probe("a", look)])) == [Finding("a", False, f"Denied to `{RUN}`.", f"Type `{RUN}`.")]


def test_what_is_wrong_is_what_its_error_says() -> None:
    assert str(Wrong("it is gone", "make it")) == "it is gone"


# --- each part ---


@pytest.mark.parametrize(
    ("stage", "recorded", "after"),
    [
        ({"deploymentId": "d1"}, "d1", True),
        ({"deploymentId": "a later one"}, "d1", False),
        (None, "d1", False),
        ({"deploymentId": "d1"}, None, False),
    ],
)
def test_a_change_that_is_not_deployed_is_told_as_such(
    patient: Patient, stage: Any, recorded: str | None, after: bool
) -> None:
    cloud = patient.desk.cloud
    method, other = box(cloud, "test:method", deployed_with=Kind.STAGE), box(cloud, "test:other")
    patient.steps = [step("1", method, other)]
    Engine(patient.steps, patient.desk.stack()).run()
    for made in cloud.resources.values():
        made[0].right = False
    patient.was_made(Kind.REST_API)
    if recorded:
        patient.was_made(Kind.STAGE, detail={"deployment_id": recorded})
    patient.aws.stage = stage
    found = patient.found()
    said = "it is wrong (after the last deployment)" if after else "it is wrong"
    assert told(found["test:method method"]) == (False, said, RUN)
    assert told(found["test:other other"]) == (False, "it is wrong", RUN)


def test_what_was_never_made_is_left_out_and_what_comes_after_it_is_not(patient: Patient) -> None:
    cloud = patient.desk.cloud
    never, made = box(cloud, "test:never"), box(cloud, "test:made")
    Engine([step("1", made)], patient.desk.stack()).run()
    patient.steps = [step("1", never, box(cloud, "test:made", called="of another name"), made)]
    assert list(patient.found()) == ["test:made made"]


@pytest.mark.parametrize(
    ("kind", "probe", "makes_wrong"),
    [
        (Kind.FUNCTION, "concurrency", "function"),
        (Kind.REST_API, "endpoint", "api"),
        (Kind.STAGE, "throttle", "stage"),
        (Kind.ROLE, "trust", "role"),
    ],
)
def test_what_belongs_to_a_part_is_left_out_while_the_part_is_wrong(
    patient: Patient, kind: Kind, probe: str, makes_wrong: str
) -> None:
    part = box(patient.desk.cloud, kind, called=NAMES.role if makes_wrong == "role" else makes_wrong)
    patient.steps = [step("1", part)]
    if makes_wrong == "role":
        patient.choices = Choices(role_arn=f"arn:aws:iam::123456789012:role/{NAMES.role}")
        patient.aws.role = {"RoleId": "id1", "AssumeRolePolicyDocument": trust_policy()}
    if kind != Kind.REST_API:
        patient.was_made(Kind.REST_API)
    Engine(patient.steps, patient.desk.stack()).run()
    if kind == Kind.REST_API:
        patient.aws.api = {}
        patient.desk.cloud.resources[kind, "api"][0].id = "api1"
        patient.desk.stack().journal.made(Record(kind, "api", "1", RecordState.MADE, "api1"))
    assert probe in patient.found()
    for made in patient.desk.cloud.resources.values():
        made[0].right = False
    assert probe not in patient.found()


# --- the function and its role ---


@pytest.mark.parametrize(
    ("function", "finding"),
    [
        ({"Configuration": {"Runtime": "python3.13"}}, (True, "python3.13, supported until 2029-06-30", "")),
        ({"Configuration": {"Runtime": "python4.0"}}, (True, "python4.0", "")),
        ({"Configuration": {}}, (True, "", "")),
        (None, (True, "", "")),
        (
            {"Configuration": {"Runtime": "python3.8"}},
            (False, "python3.8 is deprecated since 2024-10-14: AWS does not fix it any more", RUN),
        ),
    ],
)
def test_a_runtime_is_told_with_the_end_of_its_support(patient: Patient, function: Any, finding: Any) -> None:
    patient.was_made(Kind.FUNCTION)
    patient.aws.function = function
    assert told(patient.found()["runtime"]) == finding


@pytest.mark.parametrize(
    ("concurrency", "finding"),
    [
        ({}, (True, "not limited", "")),
        ({"Concurrency": {"ReservedConcurrentExecutions": 7}}, (True, "7 reserved", "")),
        (
            {"Concurrency": {"ReservedConcurrentExecutions": 0}},
            (
                False,
                "the function's reserved concurrency is 0: it never runs",
                f"aws lambda delete-function-concurrency --function-name {NAMES.function}",
            ),
        ),
    ],
)
def test_a_concurrency_is_told_as_it_is(patient: Patient, concurrency: Any, finding: Any) -> None:
    patient.was_made(Kind.FUNCTION)
    patient.aws.function = {"Configuration": {}, **concurrency}
    assert told(patient.found()["concurrency"]) == finding


@pytest.mark.parametrize("logging", [{}, {"LogFormat": "Text", "LogGroup": NAMES.log_group}])
def test_a_log_group_of_somebodys_is_told(patient: Patient, logging: Any) -> None:
    patient.was_made(Kind.FUNCTION)
    patient.aws.function = {"Configuration": {"LoggingConfig": logging}}
    assert told(patient.found()["log group"]) == (True, NAMES.log_group, "")
    patient.aws.function = {"Configuration": {"LoggingConfig": {**logging, "LogGroup": "/x"}}}
    where = "somebody gave the function the log group /x: its lines go there if its role lets it"
    fix = (
        f"aws lambda update-function-configuration --function-name {NAMES.function} --logging-config LogGroup"
    )
    said = f"{where}, and `loh logs --target aws --name alice` does not show them"
    assert told(patient.found()["log group"]) == (False, said, f"{fix}={NAMES.log_group}")


SAME = (True, "the one that the function was given", "")
ANEW = (False, "it was created again, and Lambda still knows the old one", RUN)


@pytest.mark.parametrize(
    ("live", "made", "finding"),
    [
        ({"RoleId": "AROA1"}, (Kind.ROLE, Kind.FUNCTION), SAME),
        ({"RoleId": "AROA2"}, (Kind.ROLE, Kind.FUNCTION), ANEW),
        ({"RoleId": "AROA2"}, (Kind.ROLE,), SAME),
        (None, (Kind.ROLE, Kind.FUNCTION), SAME),
    ],
)
def test_a_role_that_was_created_anew_is_found_where_a_function_has_the_old_one(
    patient: Patient, live: Any, made: tuple[str, ...], finding: Any
) -> None:
    patient.was_made(*made)
    patient.aws.role = live
    assert told(patient.found()["the role's identity"]) == finding


def test_another_role_of_the_deployment_is_not_the_functions(patient: Patient) -> None:
    patient.was_made(Kind.ROLE, name="alice-another", id="AROA9")
    patient.was_made(Kind.FUNCTION)
    assert told(patient.found()["the role's identity"]) == SAME


def test_a_lent_role_is_looked_at_by_its_name_without_its_path(patient: Patient) -> None:
    patient.choices = Choices(role_arn="arn:aws:iam::123456789012:role/class/LabRole")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}]}
    patient.aws.role_name = "LabRole"
    patient.aws.role = {"RoleName": "LabRole", "RoleId": "x", "AssumeRolePolicyDocument": trust}
    wrong = patient.found()["trust"]
    assert wrong.what == "its trust policy does not let Lambda assume it"
    words = shlex.split(wrong.fix)
    assert words[:5] == ["aws", "iam", "update-assume-role-policy", "--role-name", "LabRole"]
    assert "lambda.amazonaws.com" in words[-1]
    patient.aws.role["AssumeRolePolicyDocument"] = trust_policy()
    assert told(patient.found()["trust"]) == (True, "Lambda may assume the role", "")
    patient.aws.role = None
    assert patient.found()["trust"].ok, "that it is gone is another finding"


# --- the API and its stage ---

ENABLED = "--patch-operations op=replace,path=/disableExecuteApiEndpoint,value=false"


@pytest.mark.parametrize(
    ("api", "finding"),
    [
        ({}, (True, "enabled", "")),
        ({"disableExecuteApiEndpoint": False}, (True, "enabled", "")),
        (
            {"disableExecuteApiEndpoint": True},
            (
                False,
                "the API's own endpoint is disabled: every request gets 403",
                "aws apigateway update-rest-api --rest-api-id api1 " + ENABLED,
            ),
        ),
    ],
)
def test_an_endpoint_is_told_as_it_is(patient: Patient, api: Any, finding: Any) -> None:
    patient.was_made(Kind.REST_API)
    patient.aws.api = api
    assert told(patient.found()["endpoint"]) == finding


def limits(rate: float | None = None, burst: int | None = None) -> dict[str, Any]:
    told = {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}
    return {key: value for key, value in told.items() if value is not None}


FREE = "not limited by the stage"
FEW = " is limited to"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (None, FREE),
        ({}, FREE),
        ({"*/*": {}}, FREE),
        ({"*/*": limits(burst=5)}, FREE),
        ({"*/*": limits(REQUESTS_A_SECOND, 5000)}, FREE),
        (
            {"*/*": limits(REQUESTS_A_SECOND - 1, 5)},
            "every method is limited to 9999 requests a second, burst 5",
        ),
        (
            {"*/*": limits(0.5), "/a/POST": limits(10.0, 7)},
            f"every method{FEW} 0.5 requests a second; POST /a{FEW} 10 requests a second, burst 7",
        ),
    ],
)
def test_a_limit_of_the_stage_is_remarked_where_it_is_below_the_usual(
    patient: Patient, settings: Any, said: str
) -> None:
    patient.was_made(Kind.REST_API, Kind.STAGE)
    patient.aws.stage = {"deploymentId": "d1"} | ({} if settings is None else {"methodSettings": settings})
    finding = patient.found()["throttle"]
    assert told(finding) == (True, said, "")
    assert finding.remark is (said != FREE)


@pytest.mark.parametrize("nothing", [limits(0.0, 5), limits(10.0, 0), limits(burst=0)])
@pytest.mark.parametrize(
    ("path", "where", "method"),
    [
        ("*/*", "*/*", "every method"),
        ("/DynamoDBManager/POST", "~1DynamoDBManager/POST", "POST /DynamoDBManager"),
        ("~1DynamoDBManager/POST", "~1DynamoDBManager/POST", "POST /DynamoDBManager"),
    ],
)
def test_a_stage_that_lets_nothing_pass_is_told_with_the_command_for_that_method(
    patient: Patient, nothing: Any, path: str, where: str, method: str
) -> None:
    patient.was_made(Kind.REST_API, Kind.STAGE)
    patient.aws.stage = {"methodSettings": {path: nothing}}
    fix = (
        f"aws apigateway update-stage --rest-api-id api1 --stage-name {STAGE} --patch-operations"
        f" op=replace,path=/{where}/throttling/rateLimit,value=10000"
        f" op=replace,path=/{where}/throttling/burstLimit,value=5000"
    )
    said = f"stage {STAGE} throttles {method} to nothing: every request gets 429"
    assert told(patient.found()["throttle"]) == (False, said, fix)


# --- whether it answers ---

NEEDED = (Kind.REST_API, Kind.RESOURCE, Kind.STAGE, Kind.PERMISSION)
DENIED = b'{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke"}'


def answers(patient: Patient) -> dict[str, Finding]:
    return {name: each for name, each in patient.found().items() if name.startswith("answer")}


def test_right_answers_are_counted(patient: Patient) -> None:
    patient.was_made(*NEEDED)
    assert {told(each) for each in answers(patient).values()} == {(True, "all 6 operations are right", "")}


def test_nothing_is_sent_while_anything_is_wrong(patient: Patient) -> None:
    patient.was_made(*NEEDED)
    patient.aws.api = {"disableExecuteApiEndpoint": True}
    assert answers(patient) == {}
    assert patient.aws.ways.sent == []


@pytest.mark.parametrize("missing", [Kind.STAGE, Kind.PERMISSION])
def test_nothing_is_sent_before_there_is_a_stage_and_a_permission(patient: Patient, missing: Kind) -> None:
    patient.was_made(*(kind for kind in NEEDED if kind != missing))
    assert answers(patient) == {}


@pytest.mark.parametrize(
    ("status", "body", "kept_out"),
    [
        (403, DENIED, True),
        (403, b'{"message":"Forbidden"}', False),
        (502, DENIED, False),
    ],
)
def test_callers_whom_a_policy_keeps_out_get_the_command_that_ends_it_and_others_the_logs(
    patient: Patient, status: int, body: bytes, kept_out: bool
) -> None:
    patient.was_made(*NEEDED)
    patient.aws.ways.handler = lambda _: body
    patient.aws.ways.statuses = [status] * 2000
    wrong = answers(patient)["answer via https"]
    policy = (
        "aws apigateway update-rest-api --rest-api-id api1 --patch-operations op=replace,path=/policy,value="
        f" && aws apigateway create-deployment --rest-api-id api1 --stage-name {STAGE}"
    )
    fix = policy if kept_out else "loh logs --target aws --name alice"
    assert told(wrong) == (False, f"echo: HTTP {status}: {body.decode()}", fix)
