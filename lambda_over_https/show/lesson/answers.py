"""What AWS answered in a step, in full: as JSON, with the documents in it as documents."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.events import Checked
from lambda_over_https.show.canvas.page import Line, Page
from lambda_over_https.show.code import code_lines
from lambda_over_https.transcript.answers import readable
from lambda_over_https.transcript.words import as_document


def answer_lines(calls: Sequence[Call], page: Page) -> Iterator[Line]:
    """The answer of each call; of one that runs the function, also what was sent."""
    for call in calls:
        where = f"{call.operation} (step {call.step})"
        if call.tries:
            yield from _document(f"Sent with {where}", call.parameters, page)
        yield from _document(f"Answer of {where}", call.answer, page)


def exchange_lines(checks: Sequence[Checked], page: Page) -> Iterator[Line]:
    """What each check sent and got. Its call is recorded without both: they may hold anybody's items."""
    for check in checks:
        yield [(f"{check.name} by {check.via}: the event, and the answer with status {check.status}", "dim")]
        for text in (check.request, check.body):
            yield from code_lines(_laid_out(text), "json", page)
        yield []


def _laid_out(text: str) -> str:
    """JSON over several lines; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _document(label: str, document: Mapping[str, Any], page: Page) -> Iterator[Line]:
    yield [(label, "dim")]
    yield from code_lines(json.dumps(_opened(document), indent=2, default=readable), "json", page)
    yield []


def _opened(value: Any) -> Any:
    """The answer with the JSON documents in it (policies, statements) parsed, so that they can be read."""
    if isinstance(value, Mapping):
        return {key: _opened(each) for key, each in value.items()}
    if isinstance(value, bytes):
        with suppress(ValueError):
            return json.loads(value)
    document = as_document(value) if isinstance(value, str) else None
    return value if document is None else document
