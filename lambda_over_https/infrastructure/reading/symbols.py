"""A stack of symbols: to rehearse a step on it tells where in its calls a name, an ARN or an id stands.

What is rehearsed on a real stack has ``arn:aws:iam::123456789012:role/lambda-gateway-execution-role`` in it.
Rehearsed here it has ``arn:<partition>:iam::<account>:role/<role>``: nothing has to be guessed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lambda_over_https.aws.place import Place
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, State
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.infrastructure.description import PARAMETER, PLACE, Ref, Text
from lambda_over_https.names import Names
from lambda_over_https.practice.rehearsal.rehearsing import no_cloud
from lambda_over_https.settings import SANDBOX, cache

PARTITION, ACCOUNT = "<partition>", "<account>"
REGION = "the-region"  # botocore takes no other signs in one

WHERE = Place(SANDBOX, ACCOUNT, REGION, PARTITION, "")
"""Where everything symbolic is."""

LENT_ROLE, BOUNDARY = "<lent role>", "<permissions boundary>"


def symbol(name: str) -> str:
    """What stands for the value of that name."""
    return f"<{name}>"


NAMES = Names(**{each.name: symbol(each.name) for each in fields(Names)})


@contextmanager
def symbolic(names: Names, choices: Choices) -> Iterator[Stack]:
    """A stack of symbols on which nothing has been made yet; real is what the user chose.

    So is the policy's name: it is known inside its role only, and need not be another elsewhere.
    """
    state = State(Deployment(symbol("id"), "", SANDBOX, ACCOUNT, REGION, "", "", ""))
    lent = replace(
        choices,
        role_arn=LENT_ROLE if choices.role_arn else "",
        permissions_boundary=BOUNDARY if choices.permissions_boundary else "",
        tutorial_policy=False,
    )
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "journal.json"), state)
        stack = Stack(replace(NAMES, policy=names.policy), WHERE, no_cloud(WHERE), journal, lent, cache())
        stack.archive.write_bytes(b"")
        yield stack


def parameter_of(field: str) -> str:
    """The parameter for a field of ``Names``."""
    return field if field == "prefix" else f"{field}_name"


class Meanings:
    """What the symbols of a stack stand for, and the ARNs made of them."""

    def __init__(self) -> None:
        self._meanings: dict[str, Ref] = {
            PARTITION: Ref(PLACE, "partition"),
            ACCOUNT: Ref(PLACE, "account"),
            REGION: Ref(PLACE, "region"),
            LENT_ROLE: Ref(PARAMETER, "role_arn"),
            NAMES.prefix: Ref(PARAMETER, parameter_of("prefix")),
            BOUNDARY: Ref(PARAMETER, "permissions_boundary"),
        }
        self._members: dict[tuple[str, str], Ref] = {}

    def learn(self, text: str, meaning: Ref) -> None:
        """Take ``text`` for ``meaning`` wherever it stands in what is read from now on."""
        self._meanings[text] = meaning

    def learn_member(self, name: str, text: str, meaning: Ref) -> None:
        """Take ``text`` for ``meaning`` where it is the whole of the member ``name``, and only there."""
        self._members[name, text] = meaning

    def own(self, text: str) -> Any:
        """The text of a resource's own name: what is a name in it becomes a parameter."""
        names = {symbol(each.name): Ref(PARAMETER, parameter_of(each.name)) for each in fields(Names)}
        return _read(text, names)

    def read(self, value: Any) -> Any:
        """A parameter of a call with references in the place of symbols."""
        if isinstance(value, Mapping):
            return {key: self._member(key, each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.read(each) for each in value]
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return _read(value, self._meanings) if isinstance(value, str) else value

    def _member(self, name: str, value: Any) -> Any:
        meaning = self._members.get((name, value)) if isinstance(value, str) else None
        return Text((meaning,)) if meaning else self.read(value)


def _read(text: str, meanings: Mapping[str, Ref]) -> Any:
    """The text with references for what has a meaning, the longest first."""
    known = sorted(meanings, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
    parts = tuple(meanings.get(piece, piece) for piece in pieces if piece)
    return Text(parts) if any(isinstance(part, Ref) for part in parts) else text
