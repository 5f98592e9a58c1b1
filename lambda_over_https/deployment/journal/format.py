"""The form of a journal's file: what it says, and the proof that nobody edited it.

It is written in one form, JSON with sorted keys, and with a digest of exactly that: most readers find by the
digest alone that nothing was edited. In any other form, printed prettily say, it is compared by its content.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lambda_over_https.deployment.journal.state import Deployment, Head, Record, State
from lambda_over_https.states import RecordState, StepState

VERSION = 1

_BEGIN = f'{{"version": {VERSION}, "digest": "'


class EditedError(ValueError):
    """The content is not what the digest is of: edited by hand, or half restored from a backup."""


class NewerError(ValueError):
    """A newer version of this program wrote it, in the format ``version``."""

    def __init__(self, version: int) -> None:
        super().__init__(f"format {version}")
        self.version = version


def sealed(content: object) -> bytes:
    """The file's bytes; ``content`` is what JSON has, or dataclasses with slots."""
    text = _canonical(content)
    return f'{_BEGIN}{_digest(text.encode())}", {text[1:]}'.encode()


def unsealed(data: bytes) -> str:
    """The content of a file, as JSON in canonical form.

    Raises NewerError or EditedError, and ValueError, KeyError, AttributeError, TypeError or RecursionError
    for what is no journal.
    """
    return _as_written(data) or _checked(data)


def _canonical(content: object) -> str:
    """The one form in which a journal is written, and that its digest is of."""
    return json.dumps(content, sort_keys=True, default=_members)


def _members(part: Any) -> dict[str, Any]:
    """A part of a state as JSON has it. ``asdict`` copies all that is in it: most of the time of a write."""
    return {name: getattr(part, name) for name in part.__slots__}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _as_written(data: bytes) -> str:
    """The content of a journal that is byte for byte as it was written; empty if it is not.

    Nothing of it need be understood for that, so a list of hundreds is quick.
    """
    begin, _, rest = data.partition(b'", "')
    content = b'{"' + rest
    return content.decode() if begin == f"{_BEGIN}{_digest(content)}".encode() else ""


def _checked(data: bytes) -> str:
    """The content of any other journal, in canonical form: a tool may have printed it prettily, or sorted."""
    document = json.loads(data)
    version, digest = document.pop("version"), document.pop("digest", None)
    if not isinstance(version, int) or version < 1:
        raise ValueError(f"no version: {version!r}")
    if version > VERSION:
        raise NewerError(version)
    content = _canonical(document)
    if digest != _digest(content.encode()):
        raise EditedError("its digest is of another content")
    return content


def state_in(content: str) -> State:
    """All that the content of a journal says; raises as ``unsealed`` for what is no journal."""
    document = json.loads(content)
    return State(
        deployment=Deployment(**document["deployment"]),
        choices=dict(document["choices"]),
        steps=_steps(document["steps"]),
        records=tuple(_record(record) for record in document["records"]),
    )


_VALUE_AT = json.JSONDecoder().raw_decode


def head_in(content: str) -> Head:
    """What a list needs of it, by the places of the two objects in the canonical form.

    The keys are sorted: before the deployment come the choices, which are texts, and the steps are the last.
    """
    deployment, steps = '"deployment": ', '"steps": '
    described, _ = _VALUE_AT(content, content.index(f"{deployment}{{") + len(deployment))
    states, _ = _VALUE_AT(content, content.rindex(f"{steps}{{") + len(steps))
    return Head(Deployment(**described), _steps(states))


_STEP_STATES = {str(each): each for each in StepState}  # the enum itself is asked in six times the time


def _steps(states: Mapping[str, str]) -> dict[str, StepState]:
    return {number: _STEP_STATES[state] for number, state in states.items()}


def _record(document: Mapping[str, Any]) -> Record:
    return Record(**{**document, "state": RecordState(document["state"])})
