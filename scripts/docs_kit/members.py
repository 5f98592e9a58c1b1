"""What the sandbox serves of AWS's calls, and what it refuses: from its own tables and botocore's models."""

import textwrap
from collections.abc import Iterator
from typing import Any

from botocore.session import get_session

from lambda_over_https.sandbox.strict.members.door import SERVICES
from lambda_over_https.sandbox.strict.members.table import Served, Service

_WIDTH = 100

_HEAD = """\
# The calls that the sandbox serves, member by member

`scripts/docs` writes this file from the sandbox's tables (`strict/members`) and from botocore's models of
the services. *Acted on* are the members that have AWS's effect; *kept* are those that the sandbox only stores
and returns. A member in brackets may have only the values that are named: AWS's own defaults. *Refused*, with
501 `NotImplemented` and a sentence that names the member, is everything else that the model has. So are all
other operations.
"""


def member_tables() -> str:
    """The whole file: a table for each service."""
    return "\n".join([_HEAD, *(_table(name, SERVICES[name]) for name in sorted(SERVICES, key=_title))])


def refusals() -> str:
    """The list of what is refused, service by service, with what to do instead."""
    services = sorted(SERVICES.values(), key=lambda each: each.name)
    return "\n" + "\n".join(line for service in services for line in _points(service)) + "\n"


def _title(name: str) -> str:
    return SERVICES[name].name


def _table(name: str, service: Service) -> str:
    rows = [
        f"| {operation} | {' | '.join(_cells(name, operation, served))} |"
        for operation, served in sorted(service.operations.items())
    ]
    head = ["| Operation | Acted on | Kept | Refused |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {service.name}", "", *head, *rows, ""])


def _cells(name: str, operation: str, served: Served) -> Iterator[str]:
    limited = [f"{path} ({', '.join(values.split())})" for path, values in served.only.items()]
    yield ", ".join([*served.acted.split(), *limited]) or "none"
    yield ", ".join(served.kept.split()) or "none"
    shape = get_session().get_service_model(name).operation_model(operation).input_shape
    yield ", ".join(_beyond(served.tree, shape)) if shape else "none"


def _beyond(tree: Any, shape: Any, before: str = "") -> Iterator[str]:
    while shape.type_name == "list":
        shape = shape.member
    found = False
    for name, member in getattr(shape, "members", {}).items():
        if name not in tree:
            found = True
            yield f"{before}{name}"
        elif isinstance(tree[name], dict):
            found = True
            yield from _beyond(tree[name], member, f"{before}{name}.")
    if not found and not before:
        yield "none"


def _points(service: Service) -> Iterator[str]:
    if not service.instead:
        return
    yield f"#### {service.name}"
    yield ""
    for what, instead in sorted(service.instead.items()):
        line = f"`{what}`: {instead}."
        yield textwrap.fill(line, _WIDTH, initial_indent="- ", subsequent_indent="  ")
    yield ""
