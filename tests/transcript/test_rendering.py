"""Recorded calls written as Python and as ``aws`` commands say exactly what was sent."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.aws_cli import STREAMED, aws_command
from lambda_over_https.transcript.python import python_call, quoted
from lambda_over_https.transcript.words import Variables, client_variable
from tests.kit.account.clients import service_model
from tests.kit.program.lesson import calls_of, finished
from tests.kit.program.support import Account


def _call(parameters: dict[str, Any], service: str = "lambda", operation: str = "CreateThing") -> Call:
    return Call("", "", "", service, operation, parameters, {})


class _Client:
    """Takes any call and keeps what it was given."""

    def __init__(self) -> None:
        self.operation = ""
        self.given: dict[str, Any] = {}

    def __getattr__(self, operation: str) -> Any:
        def take(**parameters: Any) -> None:
            self.operation, self.given = operation, parameters

        return take


def _run_python(source: str, service: str, folder: Path) -> _Client:
    client = _Client()
    (folder / "LambdaFunctionOverHttps.zip").write_bytes(b"<zip>")

    def path(name: str) -> Path:
        return folder / name

    exec(source, {"json": json, "Path": path, client_variable(service): client})
    return client


def _with_archive(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_archive(each) for key, each in value.items()}
    return b"<zip>" if isinstance(value, str) and value.endswith(" bytes>") else value


def test_every_recorded_call_written_as_python_makes_the_same_call(account: Account, tmp_path: Path) -> None:
    for call in calls_of(finished()):
        client = _run_python(python_call(call), call.service, tmp_path)
        assert client.operation == xform_name(call.operation)
        assert client.given == _with_archive(call.parameters)


def test_every_recorded_call_written_for_the_shell_has_the_options_of_its_model(account: Account) -> None:
    for call in calls_of(finished()):
        model = service_model(call.service).operation_model(call.operation)
        words = shlex.split(aws_command(call).replace("\\\n", ""))
        assert words[:3] == ["aws", call.service, xform_name(call.operation, "-")]
        assert model.input_shape
        known = {f"--{xform_name(member, '-')}": member for member in model.input_shape.members}
        options = [word for word in words if word.startswith("--") and word != "--zip-file"]
        assert set(options) <= set(known)
        for option in options:
            sent, value = call.parameters[known[option]], words[words.index(option) + 1]
            if isinstance(sent, dict) or (isinstance(sent, list) and isinstance(sent[0], dict)):
                assert json.loads(value) == sent
            elif isinstance(sent, str):
                assert value == sent or json.loads(value) == json.loads(sent)


def test_the_operations_whose_answer_is_a_stream_are_those_of_the_models(account: Account) -> None:
    made = {(call.service, call.operation) for call in calls_of(finished())}
    streamed = {
        operation
        for service, operation in made
        if service_model(service).operation_model(operation).has_streaming_output
    }
    assert streamed == STREAMED


# One value with its name: nothing that could be broken.
SINGLE = re.compile(r"""\s*(["\w/.-]+(=|:\ |\ ))?('"'"')?r?(["']?)[^{\[].*\4,?(\ \\)?""", re.VERBOSE)


@pytest.mark.parametrize("width", [60, 76, 100])
def test_lines_keep_to_the_width_unless_a_single_value_is_longer(account: Account, width: int) -> None:
    for call in calls_of(finished()):
        for text in (python_call(call, width=width), aws_command(call, width=width)):
            assert [
                line for line in text.split("\n") if len(line) > width and not SINGLE.fullmatch(line)
            ] == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("plain", '"plain"'),
        (r"\[Bad\][\s\S]*", r'r"\[Bad\][\s\S]*"'),
        ('say "hi"', "'say \"hi\"'"),
        ("both ' and \"", '"both \' and \\""'),
        ("line\nend", '"line\\nend"'),
        ("ends in \\", '"ends in \\\\"'),
    ],
)
def test_a_text_becomes_the_literal_that_reads_best(text: str, source: str) -> None:
    assert quoted(text) == source
    assert eval(source) == text


def test_variables_stand_where_their_values_were() -> None:
    variables = Variables({"a1b2": "rest_api_id", "arn:x": "role_arn"})
    call = _call({"restApiId": "a1b2", "Role": "arn:x", "uri": "x/a1b2/y", "other": "a1b2c"})
    text = python_call(call, variables)
    assert "restApiId=rest_api_id" in text
    assert "Role=role_arn" in text
    assert 'uri=f"x/{rest_api_id}/y"' in text
    assert 'other="a1b2c"' in text
    command = aws_command(call, variables)
    assert '--rest-api-id "${rest_api_id}"' in command
    assert '--uri "x/${rest_api_id}/y"' in command
    assert "--other a1b2c" in command


def test_flags_lists_and_blobs_follow_the_cli() -> None:
    call = _call(
        {"Publish": True, "DryRun": False, "Layers": ["a b", "c"], "Payload": b"{}"}, operation="Invoke"
    )
    assert shlex.split(aws_command(call, width=500)) == [
        *("aws", "lambda", "invoke", "--publish", "--no-dry-run", "--layers", "a b", "c"),
        *("--payload", "fileb:///dev/stdin", "/dev/stdout", "<<<", "{}"),
    ]
