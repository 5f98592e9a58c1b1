"""LoggingConfig: how Lambda takes and tells it, as recorded, and where a function's log then is."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_function, policy, refused

LEVELS = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


def told(client: Any, function: str, **more: Any) -> Any:
    return client.get_function_configuration(FunctionName=function, **more)["LoggingConfig"]


def test_levels_come_and_go_with_json(lambda_: Any, unique: str, role: str) -> None:
    group = {"LogGroup": f"/aws/lambda/{unique}"}
    made = create_function(lambda_, unique, role, LoggingConfig={"LogFormat": "JSON"})
    assert made["LoggingConfig"] == {"LogFormat": "JSON", **LEVELS, **group}
    for change, found in (
        ({"SystemLogLevel": "WARN"}, {"LogFormat": "JSON", **LEVELS, "SystemLogLevel": "WARN"}),
        ({"LogFormat": "Text"}, {"LogFormat": "Text"}),
        (
            {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"},
            {"LogFormat": "JSON", **LEVELS, "ApplicationLogLevel": "DEBUG"},
        ),
    ):
        changed = lambda_.update_function_configuration(FunctionName=unique, LoggingConfig=change)
        assert changed["LoggingConfig"] == told(lambda_, unique) == {**found, **group}


def test_text_has_no_levels(lambda_: Any, unique: str, function: str, role: str) -> None:
    message = (
        'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or '
        'change the LogFormat to "Json" and try again.'
    )
    levels = {"LoggingConfig": {"SystemLogLevel": "DEBUG"}}
    answer = (400, "InvalidParameterValueException", message)
    assert refused(lambda_.update_function_configuration, FunctionName=function, **levels) == answer
    assert refused(create_function, client=lambda_, name=f"{unique}2", role=role, **levels) == answer


def test_a_published_version_keeps_its_settings(lambda_: Any, unique: str, role: str) -> None:
    create_function(lambda_, unique, role, LoggingConfig={"LogFormat": "JSON"}, Publish=True)
    lambda_.update_function_configuration(FunctionName=unique, LoggingConfig={"LogFormat": "Text"})
    assert told(lambda_, unique, Qualifier="1")["LogFormat"] == "JSON"
    lambda_.invoke(FunctionName=unique, Qualifier="1")


def test_a_group_of_ones_own_is_written_with_the_functions_role(
    aws: Clients, lambda_: Any, unique: str, role: str
) -> None:
    group = f"{unique}-own"
    settings = {"LogFormat": "JSON", "LogGroup": group}
    create_function(lambda_, unique, role, LoggingConfig=settings)

    def logged() -> list[str]:
        events = aws("logs").filter_log_events(logGroupName=group)["events"]
        return [json.loads(each["message"])["type"] for each in events]

    lambda_.invoke(FunctionName=unique)
    assert logged() == ["platform.initStart", "platform.start", "platform.report"]
    [stream] = aws("logs").describe_log_streams(logGroupName=group)["logStreams"]
    assert f"/{unique}[$LATEST]" in stream["logStreamName"]
    nothing = policy("logs:*", resource="arn:aws:logs:*:*:log-group:another*")
    aws("iam").put_role_policy(RoleName=f"{unique}-role", PolicyName="logs", PolicyDocument=nothing)
    lambda_.invoke(FunctionName=unique)
    assert len(logged()) == 3
