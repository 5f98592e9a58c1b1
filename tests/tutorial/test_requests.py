"""Every request satisfies AWS's service model; botocore itself checks no pattern or maximum."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from lambda_over_https.deployment.session import Session
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.remove.teardown import Teardown
from lambda_over_https.events import Called, Event
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings, home
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.account.clients import service_model
from tests.kit.program.support import Account


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Where ``value`` breaks what the service's model says of ``shape``."""
    if isinstance(shape, StructureShape):
        yield from _bad_structure(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _out_of_range(shape, len(value), path)
        for index, each in enumerate(value):
            yield from _violations(shape.member, each, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        yield from _out_of_range(shape, len(value), path)
        for key, each in value.items():
            yield from _violations(shape.key, key, f"{path} key")
            yield from _violations(shape.value, each, f"{path}[{key}]")
    elif isinstance(shape, StringShape):
        yield from _bad_string(shape, value, path)
    elif shape.type_name in ("integer", "long"):
        yield from _out_of_range(shape, value, path)


def _bad_structure(shape: StructureShape, value: Any, path: str) -> Iterator[str]:
    yield from (f"{path}.{key} is missing" for key in shape.required_members if key not in value)
    for key in value:
        if key in shape.members:
            yield from _violations(shape.members[key], value[key], f"{path}.{key}")
        else:
            yield f"{path}.{key} is not in the model"


def _bad_string(shape: StringShape, value: str, path: str) -> Iterator[str]:
    yield from _out_of_range(shape, len(value), path)
    if shape.enum and value not in shape.enum:
        yield f"{path} = {value!r} is not one of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(_python(pattern), value):
        yield f"{path} = {value!r} does not match {pattern}"


def _python(pattern: str) -> str:
    """The model's pattern in Python's dialect; its letters and digits narrowed to ASCII, all that we use."""
    for unicode_class, ascii_class in ((r"\p{L}", "a-zA-Z"), (r"\p{N}", "0-9"), (r"\p{Z}", " ")):
        pattern = pattern.replace(unicode_class, ascii_class)
    return pattern


def _out_of_range(shape: Shape, size: int, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        yield f"{path}: {size} is not within {low} and {high}"


def _calls_of_a_whole_life(settings: Settings) -> list[Called]:
    told: list[Event] = []
    stack = Session(settings, home(), RunContext(told.append)).open(create=True)
    Engine(STEPS, stack).run()
    Engine(STEPS, stack).plan()
    Teardown(STEPS, stack).remove_all()
    return [event for event in told if isinstance(event, Called)]


@pytest.mark.parametrize("runtime", ["python", "nodejs"])
@pytest.mark.parametrize("tutorial_policy", [False, True])
def test_every_request_of_a_run_and_a_teardown_satisfies_the_service_model(
    account: Account, name: str, runtime: str, tutorial_policy: bool
) -> None:
    settings = Settings(name=f"{name}-{'x' * 25}", runtime=runtime, tutorial_policy=tutorial_policy)
    calls = _calls_of_a_whole_life(settings)
    assert len({call.operation for call in calls}) > 20
    broken = list[str]()
    for call in calls:
        shape = service_model(call.service).operation_model(call.operation).input_shape
        assert shape is not None
        broken += list(_violations(shape, call.parameters, call.operation))
    assert broken == []


def test_a_broken_request_would_be_noticed() -> None:
    shape = service_model("lambda").operation_model("CreateFunction").input_shape
    assert shape is not None
    bad = {"FunctionName": "a b", "Role": "x", "Code": {}, "Timeout": 901, "PackageType": "Tar", "Nope": 1}
    noticed = " ".join(_violations(shape, bad, "CreateFunction"))
    for what in ("FunctionName", "Role", "PackageType", "Nope"):
        assert f"CreateFunction.{what} " in noticed
