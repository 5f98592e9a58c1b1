"""What is kept of a call: everything but secrets, which are known by their place and not by their name."""

import io
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import Shape

from lambda_over_https.aws.recording import EVENTS, UNMARKED_SECRETS, VARIABLES, Recorder, without_secrets
from lambda_over_https.events import Called, Event, at_step, current_step
from lambda_over_https.run_context import RunContext
from tests.kit.account.clients import service_model

SERVICES = ("iam", "lambda", "dynamodb", "apigateway", "logs", "resourcegroupstaggingapi", "sts")


def _sent(service: str, operation: str, **parameters: Any) -> Any:
    model = service_model(service).operation_model(operation)
    return without_secrets(parameters, model.input_shape)


def _answered(service: str, operation: str, **answer: Any) -> Any:
    model = service_model(service).operation_model(operation)
    return without_secrets(answer, model.output_shape)


def test_what_a_patch_sets_is_kept() -> None:
    patch = [{"op": "replace", "path": "/apiKeyRequired", "value": "false"}]
    assert _sent("apigateway", "UpdateMethod", patchOperations=patch) == {"patchOperations": patch}


@pytest.mark.parametrize(
    ("service", "operation", "secret"),
    [
        ("apigateway", "CreateApiKey", {"value": "s3cret"}),
        ("iam", "CreateLoginProfile", {"Password": "s3cret"}),
        ("iam", "UploadServerCertificate", {"PrivateKey": "s3cret"}),
        ("sts", "AssumeRoleWithWebIdentity", {"WebIdentityToken": "s3cret"}),
    ],
)
def test_a_secret_that_is_sent_is_hidden(service: str, operation: str, secret: dict[str, str]) -> None:
    assert _sent(service, operation, **secret) == dict.fromkeys(secret, "<hidden>")


@pytest.mark.parametrize(
    ("service", "operation", "answer", "hidden"),
    [
        (
            "sts",
            "AssumeRole",
            {"Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "s3cret", "SessionToken": "s3cret"}},
            {
                "Credentials": {
                    "AccessKeyId": "ASIA1",
                    "SecretAccessKey": "<hidden>",
                    "SessionToken": "<hidden>",
                }
            },
        ),
        (
            "apigateway",
            "GetApiKeys",
            {"items": [{"id": "k", "value": "s3cret"}]},
            {"items": [{"id": "k", "value": "<hidden>"}]},
        ),
        (
            "lambda",
            "GetFunction",
            {
                "Code": {"RepositoryType": "S3", "Location": "https://s3cret"},
                "Configuration": {
                    "Handler": "h",
                    "Environment": {"Variables": {"THEIRS": "s3cret", "TABLE_NAME": "T"}},
                },
            },
            {
                "Code": {"RepositoryType": "S3", "Location": "<hidden>"},
                "Configuration": {
                    "Handler": "h",
                    "Environment": {"Variables": {"THEIRS": "<hidden>", "TABLE_NAME": "T"}},
                },
            },
        ),
    ],
)
def test_a_secret_that_is_answered_is_hidden_wherever_it_is(
    service: str, operation: str, answer: dict[str, Any], hidden: dict[str, Any]
) -> None:
    assert _answered(service, operation, **answer) == hidden


def test_an_archive_is_kept_by_its_size_only() -> None:
    code = _sent("lambda", "CreateFunction", Code={"ZipFile": b"PK12"}, Publish=True)
    assert code == {"Code": {"ZipFile": "<4 bytes>"}, "Publish": True}
    assert _sent("lambda", "UpdateFunctionCode", ZipFile=b"PK") == {"ZipFile": "<2 bytes>"}


def test_what_an_exported_script_sends_again_is_kept() -> None:
    environment = {"Variables": {"TABLE_NAME": "LambdaTable"}}
    assert _sent("lambda", "CreateFunction", Environment=environment) == {"Environment": environment}
    assert _sent("lambda", "UpdateFunctionConfiguration", Environment=environment) == {
        "Environment": environment
    }
    token = current_step.set("2.3")
    assert _sent("lambda", "Invoke", Payload=b"{}") == {"Payload": b"{}"}
    assert _sent("apigateway", "TestInvokeMethod", body="{}") == {"body": "{}"}
    current_step.reset(token)


def test_what_a_user_sends_and_the_function_answers_and_prints_is_not_kept() -> None:
    token = current_step.set("")
    body, headers = '{"password": "s3cret"}', {"Authorization": "s3cret"}
    sent = _sent("apigateway", "TestInvokeMethod", body=body, headers=headers)
    assert sent == {"body": "<hidden>", "headers": "<hidden>"}
    assert _sent("lambda", "Invoke", Payload=body.encode()) == {"Payload": "<22 bytes>"}
    current_step.reset(token)
    answered = _answered("apigateway", "TestInvokeMethod", status=200, body=body, log=body, headers=headers)
    assert answered == {"status": 200, "body": "<hidden>", "log": "<hidden>", "headers": "<hidden>"}
    assert _answered("lambda", "Invoke", StatusCode=200, LogResult="czNjcmV0")["LogResult"] == "<hidden>"
    lines = _answered("logs", "FilterLogEvents", events=[{"timestamp": 1, "message": "s3cret"}])
    assert lines == {"events": [{"timestamp": 1, "message": "<hidden>"}]}


class _Raw(io.BytesIO):
    """The body of an HTTP answer, as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


ECHO = b'{"operation": "echo", "payload": {"a": 1}}'


@pytest.mark.parametrize(
    ("step", "event", "answer", "kept"),
    [
        ("2.3", ECHO, b'{"a":1}', b'{"a":1}'),
        ("2.3", ECHO, b'{"a": "s3cret"}', "<hidden>"),
        ("2.3", b'{"operation": "list", "payload": {}}', b'{"Items": ["s3cret"]}', "<hidden>"),
        ("2.3", b"[]", b"no JSON", "<hidden>"),
        ("", ECHO, b'{"a": 1}', "<hidden>"),
    ],
)
def test_of_an_answer_only_what_repeats_the_tutorials_own_event_is_kept(
    step: str, event: bytes, answer: bytes, kept: Any
) -> None:
    heard: list[Event] = []
    session = botocore.session.get_session()
    client: Any = session.create_client(
        "lambda", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    Recorder(RunContext(heard.append), "lambda").listen(client.meta.events)
    client.meta.events.register(
        "before-send", lambda request, **_: AWSResponse(request.url, 200, HTTPHeaders(), _Raw(answer))
    )
    with at_step(step):
        got = client.invoke(FunctionName="F", Payload=event)
    assert got["Payload"].read() == answer
    (call,) = heard
    assert isinstance(call, Called)
    assert call.answer["Payload"] == kept


def test_of_a_variable_that_somebody_added_only_the_name_is_kept() -> None:
    environment = {"Variables": {"TABLE_NAME": "LambdaTable", "API_TOKEN": "s3cret"}}
    assert _sent("lambda", "UpdateFunctionConfiguration", Environment=environment) == {
        "Environment": {"Variables": {"TABLE_NAME": "LambdaTable", "API_TOKEN": "<hidden>"}}
    }


def test_what_the_model_does_not_know_is_kept_as_text() -> None:
    error = {"Code": "NotFoundException", "Message": "no"}
    assert _answered("apigateway", "GetRestApi", Error=error) == {"Error": error}
    assert _answered("apigateway", "GetRestApi", createdDate=Shape("a", {"type": "b"}, None)) == {
        "createdDate": "<Shape(a)>"
    }


def test_every_place_in_the_tables_is_one_of_awss_models() -> None:
    """A member that AWS renames must not slip through: the table would name nothing."""
    models = [service_model(service) for service in SERVICES]
    places = {
        f"{name}.{member}"
        for model in models
        for name in model.shape_names
        for member in getattr(model.shape_for(name), "members", ())
    }
    assert places >= UNMARKED_SECRETS | EVENTS | VARIABLES
