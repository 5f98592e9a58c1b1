"""A finished deployment that tests look at and do not change; stacks for tests that work below the CLI."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from lambda_over_https.cli.shared import opening
from lambda_over_https.cli.shared.kept import recorded
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Record, State
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.names import names_for
from lambda_over_https.sandbox.client import record
from lambda_over_https.settings import Settings, home
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.course import steps_of
from tests.kit.program.support import Account, loh

NAME = "lesson"


def settings(name: str) -> Settings:
    """The settings of ``--name NAME``."""
    return Settings(name=name)


def finished(name: str = NAME) -> str:
    """The name of a finished deployment; made when first asked for, anew where a test emptied the account."""
    if not _is_there(name):
        for folder in home().glob(f"deployments/*/{name}"):
            shutil.rmtree(folder)
        ran = loh("run", "--no-pause", "--name", name)
        assert ran.code == 0, ran.err
    return name


def _is_there(name: str) -> bool:
    sandbox = record.recorded(home())
    if sandbox is None or loh("status", "--name", name).code:
        return False
    functions = Account(sandbox).listed("lambda", "list_functions", "Functions")
    return names_for(name).function in {each["FunctionName"] for each in functions}


def calls_of(name: str) -> list[Call]:
    """All calls recorded of a deployment."""
    return recorded(settings(name))


@contextmanager
def at_work(name: str) -> Iterator[tuple[Stack, Engine]]:
    """A stack under its lock, as the commands have it."""
    with opening.working(settings(name), create=True) as (stack, engine):
        yield stack, engine


@contextmanager
def somebody_elses(
    name: str, account: Account, chapters: str = "", ids: Mapping[tuple[str, str], str] | None = None
) -> Iterator[Stack]:
    """A stack over what something else than this program has made under the names of ``name``."""
    with opening.reading(settings(name), create=True) as (stack, _):
        apigateway = account.client("apigateway")
        apis = apigateway.get_rest_apis(limit=500)["items"]
        (api,) = [each["id"] for each in apis if each["name"] == stack.names.api]
        resources = apigateway.get_resources(restApiId=api)["items"]
        (resource,) = [each["id"] for each in resources if each["path"] == "/DynamoDBManager"]
        records = (
            Record("apigateway:restapi", stack.names.api, "3.1", RecordState.MADE, api),
            Record("apigateway:resource", "/DynamoDBManager", "3.2", RecordState.MADE, resource),
        )
        state = replace(stack.journal.state, records=records)
        choices = replace(stack.choices, chapters=tuple(chapters.split()))
        found = replace(stack, journal=Journal(stack.journal.path, state), choices=choices)
        yield replace(found, journal=Journal(stack.journal.path, _with_chapters(found, ids or {})))


def _with_chapters(stack: Stack, ids: Mapping[tuple[str, str], str]) -> State:
    """The state of a stack with records of what its chapters have, with ids for what has one."""
    parts = [part for step in steps_of(stack) for part in step.parts(stack) if part.chapter]
    records = [
        Record(part.kind, name, part.chapter, RecordState.MADE, ids.get((part.kind, name), ""))
        for part, name in ((part, part.name(stack)) for part in parts)
    ]
    return replace(stack.journal.state, records=(*stack.journal.state.records, *records))
