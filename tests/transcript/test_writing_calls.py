"""A call written as Python, or as an ``aws`` command for bash, is the same call whatever it holds."""

import json
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.aws_cli import Shell, aws_command
from lambda_over_https.transcript.python import Layout, python_call, quoted
from lambda_over_https.transcript.words import Variables, as_document, client_variable, is_archive, pieces
from tests.kit.account.clients import service_model
from tests.kit.exports.recorded_calls import Run, script_of

RUN = Run()
VARIABLES = Variables({"api1": "rest_api_id", "arn:aws:x:api1": "role_arn", "123456789012": "account"})
VALUES = {name: value for value, name in VARIABLES.names.items()}
ARCHIVE = "LambdaFunctionOverHttps.zip"

pieces_of_text = st.sampled_from(
    [*"ab/: .,{}[]()*?!$`'\"\\~#&;|<>=-é\n\t", "api1", "arn:aws:x:api1", "123456789012", "api12", "${x}"]
)
texts = st.lists(pieces_of_text, max_size=30).map("".join)
scalars = texts | st.integers() | st.none()
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


# --- what both share ---


@given(texts, st.integers(1, 40), st.integers(1, 40))
def test_a_text_is_cut_only_where_it_may_be_and_loses_nothing(text: str, first: int, rest: int) -> None:
    parts = pieces(text, first, rest)
    assert "".join(parts) == text
    assert [part for part in parts if not part] == [""] * (not text)
    assert [part for part in parts[:-1] if not part.endswith(("/", ":", " "))] == []
    for part, room in zip(parts, [first, *[rest] * len(parts)], strict=False):
        assert len(part) <= room or not set(part[:-1]) & set("/: ")


def test_a_piece_is_as_long_as_its_line_has_room_for() -> None:
    assert pieces("ab/cd/ef/gh/i", 6, 3) == ["ab/cd/", "ef/", "gh/", "i"]
    assert pieces("ab/cd/ef/gh/i", 5, 7) == ["ab/", "cd/ef/", "gh/i"]
    assert pieces("", 1, 1) == [""]


@given(texts)
def test_a_text_in_pieces_with_variables_is_the_same_text(text: str) -> None:
    parts = list(VARIABLES.split(text))
    assert "".join(VALUES[part] if named else part for part, named in parts) == text
    assert [part for part, _ in parts if not part] == []
    assert VARIABLES.used_in(text) == (True in [named for _, named in parts])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x/api1/y", [("x/", False), ("rest_api_id", True), ("/y", False)]),
        ("arn:aws:x:api1", [("role_arn", True)]),
        ("api12 xapi1 1api1", [("api12 xapi1 1api1", False)]),
        ("api1-api1_", [("rest_api_id", True), ("-", False), ("rest_api_id", True), ("_", False)]),
    ],
)
def test_a_variable_stands_for_a_whole_word_and_the_longest_counts(
    text: str, parts: list[tuple[str, bool]]
) -> None:
    assert list(VARIABLES.split(text)) == parts


def test_without_variables_a_text_is_one_piece() -> None:
    assert list(Variables().split("x")) == [("x", False)]
    assert not Variables().used_in("x")


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ('{"a": 1}', {"a": 1}),
        ("[1, 2]", [1, 2]),
        ('{"a":1}', None),  # written in another way than we would
        ("{}", None),
        ("[]", None),
        ("1", None),
        ('"a"', None),
        ("{a", None),
        ("[x", None),
    ],
)
def test_a_text_is_a_document_if_it_can_be_written_back_as_it_was(text: str, document: Any) -> None:
    assert as_document(text) == document


def test_an_archive_is_known_by_its_size_alone() -> None:
    assert is_archive("<12 bytes>")
    for other in ("<x bytes>", "a <12 bytes>", "<12 bytes> b", b"<12 bytes>", None):
        assert not is_archive(other)
    assert [client_variable(each) for each in ("lambda", "resourcegroupstaggingapi", "iam")] == [
        *("lambda_", "tagging", "iam")
    ]


# --- Python ---


def _read(source: str) -> Any:
    return eval(source, {"json": json, **VALUES})


@given(documents, st.integers(20, 100))
def test_a_value_written_as_python_is_the_same_value(value: Any, width: int) -> None:
    assert _read(Layout(width=width).value(value)) == value
    assert _read(Layout(VARIABLES, width).value(value)) == value
    assert _read(Layout(VARIABLES, width).value(json.dumps(value))) == json.dumps(value)
    assert _read(Layout(VARIABLES, width).value(json.dumps(value).encode())) == json.dumps(value).encode()


@given(texts)
def test_a_quoted_text_is_the_same_text(text: str) -> None:
    assert eval(quoted(text)) == text


# --- the shell ---


@given(texts)
def test_a_text_is_one_word_of_the_shell(text: str) -> None:
    assert shlex.split(Shell().word(text)) == [text]


@given(documents.filter(lambda value: isinstance(value, dict | list)), st.integers(30, 100))
def test_a_structure_is_one_word_of_json(value: Any, width: int) -> None:
    [word] = shlex.split(Shell(width=width).argument(value, 10))
    assert json.loads(word) == value


@given(texts.filter(lambda text: as_document(text) is None), st.integers(20, 100))
def test_a_long_option_is_folded_where_the_shell_joins_it_again(text: str, width: int) -> None:
    option = Shell(width=width).option("--option", text)
    joined = option if set(text) & {"\\", "\n"} else option.replace("\\\n", "")
    assert shlex.split(joined) == ["--option", text]


def _in_bash(commands: Iterable[str], folder: Path, variables: Variables) -> list[list[str]]:
    """The words of each command, as bash passes them; ``fileb:///dev/stdin`` becomes what is given there."""
    script = folder / "commands.sh"
    shell = r"""aws() {
    for word; do
        if [ "$word" = fileb:///dev/stdin ]; then word=$(cat); fi
        printf '%s\0' "$word"
    done
    printf '\1\0'
}
"""
    values = "".join(f"{name}={shlex.quote(value)}\n" for value, name in variables.names.items())
    script.write_text(values + shell + "\n".join(commands) + "\n")
    said = subprocess.run(["bash", "-eu", str(script)], capture_output=True, check=True, text=True).stdout
    return [each.split("\0")[:-1] for each in said.split("\1\0")[:-1]]


def _given(words: list[str], call: Call) -> dict[str, Any]:
    """The parameters that the CLI reads from these words, by the service's model."""
    shape = service_model(call.service).operation_model(call.operation)
    assert shape.input_shape
    members = {f"--{xform_name(name, '-')}": name for name in shape.input_shape.members}
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            found[word] = []
        elif word != "/dev/stdout":
            found[list(found)[-1]].append(word)
    assert found.pop("--zip-file", []) in ([], [f"fileb://{ARCHIVE}"])
    kinds = shape.input_shape.members
    return {
        name: _value(kinds[name].type_name, option, values)
        for option, values in found.items()
        for name in [members.get(option) or members[option.replace("--no-", "--", 1)]]
    }


def _value(kind: str, option: str, values: list[str]) -> Any:
    if kind == "boolean":
        assert values == []
        return not option.startswith("--no-")
    if kind == "list" and not values[0].startswith("["):
        return values
    [value] = values
    if kind == "blob":
        return value.rstrip("\n").encode()
    return json.loads(value) if kind in ("structure", "map", "list", "integer", "double") else value


def _said(parameters: Any) -> dict[str, Any]:
    """The parameters that a command can carry: the archive is a file."""
    return {
        name: value
        for name, value in parameters.items()
        if value != {"ZipFile": "<6233 bytes>"} and value != "<6233 bytes>"
    }


@pytest.mark.processes
@pytest.mark.parametrize("width", [40, 76, 200])
def test_every_call_of_a_history_in_bash_is_the_same_call(tmp_path: Path, width: int) -> None:
    script = script_of(RUN.history(), tmp_path)
    calls = list(script.calls())
    for variables in (Variables(), script.variables):
        commands = [aws_command(call, variables, width) for call in calls]
        for call, words in zip(calls, _in_bash(commands, tmp_path, variables), strict=True):
            assert words[:2] == [call.service, xform_name(call.operation, "-")]
            given_ = _given(words[2:], call)
            assert {key: _plain(value) for key, value in given_.items()} == {
                key: _plain(value) for key, value in _said(call.parameters).items()
            }


def _plain(value: Any) -> Any:
    """Documents are compared by what they say."""
    if isinstance(value, bytes):
        value = value.decode()
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    return as_document(json.dumps(json.loads(value))) or value


@pytest.mark.processes
def test_a_text_with_a_variable_is_the_same_in_bash_whatever_stands_beside_it(tmp_path: Path) -> None:
    beside = [
        "wow! {}",
        "it's {}!",
        "$x {}",
        "`x` {}",
        '"{}"',
        "\\{}",
        "{}",
        "{}/{}",
        "a {}; b",
        "a$ {} $b $",
    ]
    asked = [text.replace("{}", "api1") for text in beside]
    words = [f"aws {Shell(VARIABLES).word(text)}" for text in asked]
    assert [word for word in words if "api1" in word] == []
    assert _in_bash(words, tmp_path, VARIABLES) == [[text] for text in asked]


def _call(operation: str, **parameters: Any) -> Call:
    return Call("", "", "", "lambda", operation, parameters, {})


def test_a_command_that_is_too_long_has_one_option_a_line() -> None:
    call = _call("CreateFunction", FunctionName="alice", Code={"ZipFile": "<6 bytes>"}, Timeout=10)
    flat = "aws lambda create-function --function-name alice --zip-file fileb://LambdaFunctionOverHttps.zip"
    flat += " --timeout 10"
    assert aws_command(call, width=len(flat)) == flat
    assert aws_command(call, width=len(flat) - 1) == (
        "aws lambda create-function \\\n    --function-name alice \\\n"
        "    --zip-file fileb://LambdaFunctionOverHttps.zip \\\n    --timeout 10"
    )
    code = _call("UpdateFunctionCode", ZipFile="<6 bytes>")
    assert (
        aws_command(code, width=100)
        == "aws lambda update-function-code --zip-file fileb://LambdaFunctionOverHttps.zip"
    )


def test_more_stands_after_the_options_and_what_is_read_stands_last() -> None:
    call = _call("Invoke", FunctionName="f", Payload=b'{"a": 1}')
    assert aws_command(call, width=200, more="--query x") == (
        "aws lambda invoke --function-name f --payload fileb:///dev/stdin /dev/stdout --query x "
        """<<< '{"a": 1}'"""
    )
    assert (
        aws_command(_call("Invoke", FunctionName=...)) == "aws lambda invoke --function-name ... /dev/stdout"
    )


def test_json_that_is_too_long_has_one_item_a_line() -> None:
    value = {"one": [1, 2], "two": {"three": "x" * 20, "four": ["y" * 20, "z" * 20]}, "five": {}}
    assert Shell(width=44).argument(value, 10) == (
        "'{\n"
        '      "one": [1, 2],\n'
        '      "two": {\n'
        f'        "three": "{"x" * 20}",\n'
        '        "four": [\n'
        f'          "{"y" * 20}",\n'
        f'          "{"z" * 20}"\n'
        "        ]\n"
        "      },\n"
        '      "five": {}\n'
        "    }'"
    )


def test_a_folded_word_fills_its_lines() -> None:
    assert Shell(width=24).option("--uri", "aaaa/bbbb/cccc/dddd/eeee/ffff/g") == (
        "--uri aaaa/bbbb/\\\ncccc/dddd/eeee/ffff/g"
    )
    assert Shell(width=24).option("--uri", "aaaa bbbb/cccc/dddd*") == '--uri "aaaa bbbb/\\\ncccc/dddd*"'
    assert Shell(width=24).option("--uri", "aaaa$bbbb/cccc/dddd/eeee") == "--uri 'aaaa$bbbb/cccc/dddd/eeee'"


def test_a_python_call_that_is_too_long_has_one_argument_a_line() -> None:
    call = _call("CreateFunction", FunctionName="alice", Code={"ZipFile": "<6 bytes>"}, Layers=["a", "b"])
    assert python_call(call, assign="answer = ", width=60) == (
        "answer = lambda_.create_function(\n"
        '    FunctionName="alice",\n'
        '    Code={\n        "ZipFile": Path("LambdaFunctionOverHttps.zip").read_bytes(),\n    },\n'
        '    Layers=["a", "b"],\n'
        ")"
    )
    short = _call("DeleteFunction", FunctionName="f", Dry=...)
    assert python_call(short) == 'lambda_.delete_function(FunctionName="f", Dry=...)'
    flat = 'x = remove(lambda_.delete_function, FunctionName="f", Dry=...)'
    assert python_call(short, assign="x = ", around="remove", width=len(flat)) == flat
    assert python_call(short, assign="x = ", around="remove", width=len(flat) - 1) == (
        'x = remove(\n    lambda_.delete_function,\n    FunctionName="f",\n    Dry=...,\n)'
    )


def test_a_long_python_text_is_cut_into_literals_that_python_joins() -> None:
    text = "aaaa/bbbb/cccc/dddd/eeee/ffff"
    assert Layout(width=24).value(text) == '(\n    "aaaa/bbbb/cccc/"\n    "dddd/eeee/ffff"\n)'
    assert Layout(Variables({"bbbb": "b"}), width=24).value(text) == 'f"aaaa/{b}/cccc/dddd/eeee/ffff"'
    assert Layout(width=24).value({"key": text}) == (
        '{\n    "key": (\n        "aaaa/bbbb/"\n        "cccc/dddd/"\n        "eeee/ffff"\n    ),\n}'
    )
    assert Layout(width=24).value("a" * 40) == f'"{"a" * 40}"'


def test_a_python_document_is_laid_out_within_its_call() -> None:
    text = json.dumps({"one": [1, 2], "two": "x" * 12})
    inside = '{\n    "one": [1, 2],\n    "two": "xxxxxxxxxxxx",\n}'
    assert Layout(width=30).value(text) == f"json.dumps({inside})"
    assert Layout(width=30).value(text.encode()) == f"json.dumps({inside}).encode()"
    assert Layout().value(text) == 'json.dumps({"one": [1, 2], "two": "xxxxxxxxxxxx"})'
    assert Layout(width=10).value(["aaaa", "bbbb"]) == '[\n    "aaaa",\n    "bbbb",\n]'


def test_letters_beyond_ascii_and_quotes_are_written_as_they_are() -> None:
    assert Shell().argument({"a": "é"}, 10) == """'{"a": "é"}'"""
    assert Shell(VARIABLES).word("é api1 $x") == '"é ${rest_api_id} \\$x"'
    assert Shell(VARIABLES).word('"api1"') == """'"'"${rest_api_id}"'"'"""
    assert Layout(VARIABLES).value("é {api1}") == 'f"é {{{rest_api_id}}}"'
    assert [quoted(each) for each in ("é", "a\\", "a\\b", 'a"b', "a\\\n")] == [
        *('"é"', '"a\\\\"', 'r"a\\b"', "'a\"b'", '"a\\\\\\n"')
    ]
    assert Shell().option("--dry-run", False) == "--no-dry-run"
    assert Shell().option("--a-b", []) == "--a-b '[]'"
