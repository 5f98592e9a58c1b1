"""The recorded calls as a script that makes them again, with variables between them and a teardown.

An id or ARN from one answer that a later call needs becomes a variable; so do account and region.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lambda_over_https.aws.recording import HIDDEN
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.transcript.lock_tokens import TOKEN, with_newest
from lambda_over_https.transcript.selection import is_update
from lambda_over_https.transcript.way_back import way_back
from lambda_over_https.transcript.words import Variables
from lambda_over_https.tutorial.parts.step import Step

WAITS = {
    "CreateFunction": "function_active_v2",
    "UpdateFunctionConfiguration": "function_updated_v2",
    "CreateTable": "table_exists",
    "DeleteTable": "table_not_exists",
}
"""botocore's waiters for calls that answer before they have taken effect."""

PATIENTLY = frozenset({"CreateFunction", "CreateRestApi", "CreateDeployment", "DeleteRestApi"})
"""Calls that AWS may refuse for the moment: the role has not spread yet, or a rate limit was reached."""

_NEEDED = re.compile(r"(restApi|resource|parent|usagePlan|key)Id")


@dataclass(frozen=True, slots=True)
class Taken:
    """A value to take from an answer: its path, and the variable that gets it."""

    path: tuple[str, ...]
    variable: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One call, and what later calls need from its answer."""

    call: Call
    takes: tuple[Taken, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that a script needs: the statements of each step, the teardown, the function's source."""

    deployment: Deployment
    steps: tuple[tuple[Step, tuple[Statement, ...]], ...]
    teardown: tuple[Call, ...]
    variables: Variables
    kept: tuple[str, ...]
    source_file: str
    source: str

    def calls(self) -> Iterator[Call]:
        """All calls, including the teardown's."""
        for _, statements in self.steps:
            yield from (statement.call for statement in statements)
        yield from self.teardown


def build(
    made: Sequence[Call],
    steps: Sequence[Step],
    stack: Stack,
    deployment: Deployment,
    source_file: str,
    source: str,
) -> Script:
    """The script of the calls that ``made`` what exists; ``stack`` gives the steps' parts of this deployment.

    Raises LohError if a call is missing that others need.
    """
    chosen = [call for call in made if _belongs(call)]
    if not any(call.changes for call in chosen):
        raise LohError(
            "Nothing exists that a script could make again.",
            "`loh run` makes it; `loh history` shows the calls of what is gone.",
        )
    calls = list(with_newest([*chosen, *way_back(chosen, steps, stack)]))
    chosen, back = calls[: len(chosen)], tuple(calls[len(chosen) :])
    names = _Names()
    statements = [_statement(call, [*chosen[index + 1 :], *back], names) for index, call in enumerate(chosen)]
    variables = _variables(statements, deployment)
    _check(chosen, variables)
    by_step = tuple(
        (step, tuple(each for each in statements if each.call.step == step.number)) for step in steps
    )
    kept = tuple(sorted(_used(back, variables) - {"account", "region"}))
    return Script(deployment, by_step, back, variables, kept, source_file, source)


def _belongs(call: Call) -> bool:
    # The archive is built from the newest source anyway; step 3.7 tries the API, not the function alone.
    return call.operation != "UpdateFunctionCode" and (call.operation, call.step) != ("Invoke", "3.7")


class _Names:
    """Gives each variable a name of its own: the second API key's id is ``api_key_id_2``."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def new(self, name: str) -> str:
        """The name, or the next one that nobody has."""
        self._given[name] += 1
        return name if self._given[name] == 1 else f"{name}_{self._given[name]}"


def _statement(call: Call, later: Sequence[Call], names: _Names) -> Statement:
    needed = " ".join(repr(each.parameters) for each in later)
    said = repr(call.parameters)
    shown = _made_by(later) if is_update(call) else set()
    takes = [
        Taken(path, names.new(_variable(call, path[-1])))
        for path, value in _leaves(call.answer)
        if path[-1].lower().endswith(("id", "arn", TOKEN.lower()))
        and value not in said
        and value not in shown
        and _whole(value, needed)
    ]
    left_out = tuple(_hidden_names(call.parameters))
    return Statement(replace(call, parameters=_without_hidden(call.parameters)), tuple(takes), left_out)


def _made_by(calls: Iterable[Call]) -> set[str]:
    """What is in the answers of calls that make something.

    An update that was made after them shows it, too, and here comes before them: with its step.
    """
    return {value for call in calls if not is_update(call) for _, value in _leaves(call.answer)}


def _hidden_names(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _hidden_names(each, key)
    elif value == HIDDEN:
        yield name


def _without_hidden(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: _without_hidden(each) for key, each in value.items() if each != HIDDEN}


def remark(statement: Statement) -> str:
    """A comment that says what the statement lacks; empty if nothing."""
    names = ", ".join(statement.left_out)
    return f"# Not recorded, because it is secret: the value of {names}. Add it." if names else ""


def _whole(value: str, text: str) -> bool:
    return bool(value) and Variables({value: "it"}).used_in(text)


def _variable(call: Call, key: str) -> str:
    from botocore import xform_name

    noun = re.sub(r"^(Create|Put|Add)", "", call.operation)
    return xform_name(f"{noun}{key.capitalize()}" if key.lower() in ("id", "arn") else key)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(value, str) and path:
        yield path, value


def _variables(statements: Iterable[Statement], deployment: Deployment) -> Variables:
    names = {deployment.account: "account", deployment.region: "region"}
    for statement in statements:
        for taken in statement.takes:
            names[_at(statement.call.answer, taken.path)] = taken.variable
    return Variables(names)


def _at(answer: Any, path: Sequence[str]) -> str:
    for key in path:
        answer = answer[key]
    return str(answer)


def _used(calls: Iterable[Call], variables: Variables) -> set[str]:
    text = " ".join(repr(call.parameters) for call in calls)
    return {piece for piece, named in variables.split(text) if named}


def _check(calls: Iterable[Call], variables: Variables) -> None:
    for call in calls:
        for key, value in call.parameters.items():
            if _NEEDED.fullmatch(key) and value not in variables.names:
                raise LohError(
                    f"The history has no call that made {key} {value}, which {call.operation} needs.",
                    "Run `loh teardown`, then `loh run`: that records all calls.",
                )
