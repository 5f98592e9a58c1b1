"""Every command line that is shown can be typed as it is, and means the deployment that is at hand."""

import ast
import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lambda_over_https
from lambda_over_https.cli.commands import OnDemand
from lambda_over_https.hints import WITHOUT_PLACE, command, completed, meaning, put_in_force
from tests.kit.program.support import Account, loh

ROOT = Path(lambda_over_https.__file__).parent
OPTIONS = {"--name": "big one", "--target": "aws", "--region": "eu-west-1"}
TYPED = "--name 'big one' --target aws --region eu-west-1"


@pytest.fixture
def _in_force() -> Iterator[None]:
    put_in_force(OPTIONS)
    yield
    put_in_force({})


@pytest.mark.usefixtures("_in_force")
class TestCompleting:
    def test_a_command_gets_the_options_in_force(self) -> None:
        assert command("loh run") == f"loh run {TYPED}"
        assert command("loh run --to 2.3") == f"loh run --to 2.3 {TYPED}"

    def test_an_option_that_is_there_stays(self) -> None:
        assert command("loh run --name ANOTHER") == "loh run --name ANOTHER --target aws --region eu-west-1"

    def test_a_command_that_means_no_deployment_gets_none(self) -> None:
        for words in ("loh sandbox start", "loh list", "loh sandbox fault on NAME"):
            assert command(words) == words

    def test_each_command_of_a_text_is_completed(self) -> None:
        text = "`loh run` goes on, `loh teardown` removes it; `aws login` is not ours."
        assert completed(text) == (
            f"`loh run {TYPED}` goes on, `loh teardown {TYPED}` removes it; `aws login` is not ours."
        )

    def test_a_block_may_mean_another_deployment_and_no_other_thread_does(self) -> None:
        with meaning({"--name": "alice"}), ThreadPoolExecutor(1) as other:
            assert command("loh run") == "loh run --name alice --target aws --region eu-west-1"
            assert other.submit(command, "loh run").result() == f"loh run {TYPED}"
        assert command("loh run") == f"loh run {TYPED}"

    def test_a_completed_text_stays_as_it_is(self) -> None:
        once = completed("`loh run` goes on")
        assert completed(once) == once


@given(st.text(min_size=1))
def test_a_shell_reads_each_value_as_it_was_given(value: str) -> None:
    put_in_force({"--profile": value})
    try:
        assert shlex.split(command("loh run")) == ["loh", "run", "--profile", value]
    finally:
        put_in_force({})


def test_a_text_without_options_in_force_stays_as_it_is() -> None:
    assert completed("`loh run` goes on") == "`loh run` goes on"


# --- what is written in the program ---


class _Texts(ast.NodeVisitor):
    """Collects texts, ``{}`` for what is put into one; ``given`` are those that ``command`` gets."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, str]] = []
        self.given: list[str] = []
        self._into = False

    def visit_Call(self, node: ast.Call) -> None:
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        into, self._into = self._into, called in ("command", "unknown")
        self.generic_visit(node)
        self._into = into

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = (str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        self._take(node.lineno, "".join(parts))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._take(node.lineno, node.value)

    def _take(self, line: int, text: str) -> None:
        if self._into:
            self.given.append(text)
        else:
            self.texts.append((line, text))


def _read() -> Iterator[tuple[str, _Texts]]:
    """The texts of each module that may have a command in one."""
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "loh " in source:
            found = _Texts()
            found.visit(ast.parse(source))
            yield str(path.relative_to(ROOT)), found


def _commands() -> set[str]:
    """Every command that is shown."""
    shown: set[str] = set()
    for _, found in _read():
        shown.update(said for _, text in found.texts for said in re.findall(r"`(loh [^`]+)`", text))
        shown.update(text for text in found.given if text.startswith("loh "))
    return shown


def _resolved(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and the rest of them."""
    found: Any = OnDemand()[words[1]]
    rest = words[2:]
    while getattr(found, "commands", None) and rest:
        found, rest = found.commands[rest[0]], rest[1:]
    return found, rest


@pytest.mark.parametrize("said", sorted(_commands()))
def test_every_command_that_is_shown_exists_and_takes_what_is_shown(said: str) -> None:
    words = said.split()
    found, rest = _resolved(words)
    known = {flag for parameter in found.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= known
    assert ({"--name", "--target"} <= known) != (words[1] in WITHOUT_PLACE), (
        "whether it takes the options in force"
    )


def test_no_command_is_shown_but_through_the_one_function() -> None:
    """A text has it in backticks, which the screen completes; or it is what ``command`` is given."""
    bare = [
        f"{path}:{line}: {text}"
        for path, found in _read()
        for line, text in found.texts
        if re.search(r"(?<![`\w-])loh [a-z]+(?! *`)", re.sub(r"`[^`]*`", "", text))
    ]
    assert bare == []


# --- what is shown ---


def _shown(text: str) -> list[str]:
    return re.findall(r"`?(loh [a-z]+[^`\n]*)", text)


@pytest.mark.parametrize(
    "arguments",
    [
        "status",
        "verify",
        "call ping",
        "logs",
        "history",
        "export",
        "drill permission",
        "drill nothing",
        "undo",
        "chapter on throttle",
        "watch",
    ],
)
def test_what_a_command_says_to_type_next_means_the_same_deployment(account: Account, arguments: str) -> None:
    said = loh(*arguments.split(), "--name", "nowhere", "--region", "eu-west-1")
    assert said.code != 0
    for each in _shown(said.err):
        if each.split()[1] not in ("-h", *WITHOUT_PLACE):
            assert "--name" in each, each
            assert "--region eu-west-1" in each, each


def test_a_run_says_how_to_go_on_with_this_deployment(account: Account, name: str) -> None:
    where = ("--name", name, "--region", "eu-west-1")
    ran = loh("run", "--no-pause", *where)
    assert ran.code == 0
    told = _shown(ran.err)
    assert len(told) == 6
    assert all(f"--name {name} --region eu-west-1" in each for each in told)
    doctor = loh("doctor", "--json", *where)
    assert doctor.code == 0
    undone = loh("undo", "--yes", *where) if "--yes" in loh("undo", "--help").out else loh("undo", *where)
    assert f"`loh next --name {name} --region eu-west-1`" in undone.err
    assert loh("teardown", "--yes", *where).code == 0
