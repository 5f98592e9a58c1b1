"""What AWS answered to calls whose answers we have not got, as far as it is known from what they made."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.lock_tokens import TOKEN
from lambda_over_https.tutorial.parts.part import Product, Sighting

MADE_UP = r"<\w+>"
"""What a made-up answer has in the place of text: the member's name."""


def answered(calls: Iterable[Call], product: Product, made: Sighting | Record) -> Iterator[Call]:
    """The rehearsed ``calls``, with what is known of the resource that they ``made`` in their answers.

    ``product`` is what the rehearsal made: where it has something made up, ``made`` has the real value.
    """
    known = _known(product, made)
    for call in calls:
        yield replace(
            call, parameters=_in_place(call.parameters, known), answer=_known_part(call.answer, known)
        )


def _known(product: Product, made: Sighting | Record) -> Mapping[str, str]:
    pairs = [(product.id, made.id), (product.arn, made.arn)]
    pairs += [(value, made.detail.get(key, "")) for key, value in product.detail.items()]
    known = {rehearsed: real for rehearsed, real in pairs if real and re.fullmatch(MADE_UP, rehearsed)}
    # The script takes the real one from the answer to its own call; here each resource needs one of its own.
    return {**known, f"<{TOKEN}>": f"<{TOKEN} of {made.id}>"}


def _in_place(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _in_place(each, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_place(each, known) for each in value]
    return known.get(value, value) if isinstance(value, str) else value


def _known_part(value: Mapping[str, Any], known: Mapping[str, str]) -> Mapping[str, Any]:
    """The members of an answer that are known, and nothing else."""
    kept: dict[str, Any] = {}
    for key, each in value.items():
        if isinstance(each, Mapping) and (inner := _known_part(each, known)):
            kept[key] = inner
        elif isinstance(each, str) and each in known:
            kept[key] = known[each]
    return kept
