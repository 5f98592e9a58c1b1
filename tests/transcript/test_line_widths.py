"""A call is laid out within the width of its lines: as much on each as there is room for."""

import json
from typing import Any

import pytest

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.aws_cli import Shell, aws_command
from lambda_over_https.transcript.python import Layout, python_call

LONG, ITEM = "x" * 90, [1, 2, 3]


def _call(parameters: Any) -> Call:
    return Call("", "", "", "lambda", "Create", parameters, {})


def _python(value: Any, width: int) -> str:
    return Layout(width=width).value(value)


def _python_call(parameters: Any, width: int) -> str:
    return python_call(_call(parameters), width=width)


def _command(parameters: Any, width: int) -> str:
    return aws_command(_call(parameters), width=width)


@pytest.mark.parametrize(
    ("write", "value", "line"),
    [
        (_python, {"key": ITEM, "long": LONG}, '    "key": [1, 2, 3],'),
        (_python, {"out": {"key": ITEM, "long": LONG}}, '        "key": [1, 2, 3],'),
        (_python, [ITEM, LONG], "    [1, 2, 3],"),
        (_python, [[ITEM, LONG]], "        [1, 2, 3],"),
        (_python, json.dumps({"key": ITEM, "long": LONG}), '    "key": [1, 2, 3],'),
        (_python_call, {"a": ITEM, "b": LONG}, "    a=[1, 2, 3],"),
        (_command, {"Key": {"a": ITEM}, "Long": LONG}, "    --key '{\"a\": [1, 2, 3]}' \\"),
        (_command, {"Key": {"a": ITEM, "b": LONG}}, '      "a": [1, 2, 3],'),
        (_command, {"Key": {"out": {"a": ITEM, "b": LONG}}}, '        "a": [1, 2, 3],'),
        (_command, {"Key": [{"b": LONG}, ITEM, LONG]}, "      [1, 2, 3],"),
    ],
)
def test_a_line_is_broken_only_if_it_would_be_too_long(write: Any, value: Any, line: str) -> None:
    assert line in write(value, len(line)).split("\n")
    assert line not in write(value, len(line) - 1).split("\n")


def test_a_text_in_pieces_fills_its_lines_and_no_more() -> None:
    text = "aaaa/bbbb/cccc/dddd/eeee/ffff/g"
    assert Layout(width=21).value(text).split("\n")[1] == '    "aaaa/bbbb/cccc/"'
    assert Layout(width=20).value(text).split("\n")[1] == '    "aaaa/bbbb/"'
    assert Shell(width=22).option("--uri", text) == "--uri aaaa/bbbb/\\\ncccc/dddd/eeee/ffff/\\\ng"
    assert Shell(width=21).option("--uri", text) == "--uri aaaa/\\\nbbbb/cccc/dddd/\\\neeee/ffff/g"
    room = len("--uri") + 7
    assert Shell(width=len(text) + room).option("--uri", text) == f"--uri {text}"
    assert "\n" in Shell(width=len(text) + room - 1).option("--uri", text)


def test_what_a_command_reads_is_laid_out_as_an_argument_of_its_own() -> None:
    sent = _call({"Payload": b'{"a": [1, 2, 3]}'})
    document = """'{"a": [1, 2, 3]}'"""
    assert aws_command(sent, width=len(document) + 4).endswith(f"    <<< {document}")
    assert aws_command(sent, width=len(document) + 3).endswith("""<<< '{\n      "a": [1, 2, 3]\n    }'""")
    assert aws_command(_call({"Payload": b"\xff"})).endswith("<<< '\N{REPLACEMENT CHARACTER}'")


def test_a_command_with_a_text_of_two_lines_has_one_option_a_line() -> None:
    command = aws_command(_call({"Text": "a\nb", "Size": 1}))
    assert command == "aws lambda create \\\n    --text 'a\nb' \\\n    --size 1"
