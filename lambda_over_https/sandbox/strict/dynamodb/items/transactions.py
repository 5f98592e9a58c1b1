"""Transactions: their form, and the tokens by which a repeated one does nothing.

What a transaction does is in ``control.dynamodb.transactions``. Messages are AWS's, as reports have them.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

MOST_ITEMS = 100
"""Of one transaction (API reference)."""

REMEMBERED = 600.0
"""Seconds for which a token stands for its transaction (API reference, "ClientRequestToken")."""

_MEMBER = "ClientRequestToken"
_LONGEST = 36
"""Characters of a token (API reference)."""


@dataclass(slots=True)
class Tokens:
    """The tokens of a Region's last transactions: for each a digest, the body of the answer, and the time."""

    clock: Callable[[], float] = time.monotonic
    kept: dict[str, tuple[str, bytes, float]] = field(default_factory=dict)

    def answer(self, token: str, digest: str) -> AwsResponse | None:
        """The answer to the transaction that was made with the token; None if none was.

        Raises AwsError if that one had other parameters.
        """
        made = self.kept.get(token)
        if made is None or self.clock() - made[2] > REMEMBERED:
            return None
        if made[0] != digest:
            message = "The token was already used for a transaction with other parameters."
            raise AwsError("IdempotentParameterMismatchException", message)
        return AwsResponse(200, made[1])

    def keep(self, token: str, digest: str, body: bytes) -> None:
        """Remember the answer, and forget what is too old."""
        now = self.clock()
        self.kept = {name: each for name, each in self.kept.items() if now - each[2] <= REMEMBERED}
        self.kept[token] = digest, body, now


def check_number(call: AwsCall) -> None:
    """A transaction has 1 to 100 items."""
    number = len(call.parameters.get("TransactItems") or ())
    bound = "greater than or equal to 1" if not number else f"less than or equal to {MOST_ITEMS}"
    if not 1 <= number <= MOST_ITEMS:
        raise invalid(
            "1 validation error detected: Value at 'TransactItems' failed to satisfy constraint: Member must "
            f"have length {bound}"
        )


def check_writes(call: AwsCall) -> None:
    """Each item of TransactWriteItems does one thing, and the token is not too long."""
    token = call.parameters.get(_MEMBER) or ""
    if len(token) > _LONGEST:
        bound = f"Member must have length less than or equal to {_LONGEST}"
        raise invalid(unsatisfied(token, "clientRequestToken", bound))
    for item in call.parameters["TransactItems"]:
        if item and sum(part is not None for part in item.values()) > 1:
            raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")


def answered_before(call: AwsCall) -> AwsResponse | None:
    """The answer to a TransactWriteItems that was made already with this token; None if it was not."""
    token = call.parameters.get(_MEMBER)
    return _tokens(call).answer(token, _digest(call)) if token else None


def remember(call: AwsCall, response: AwsResponse) -> None:
    """Remember that a TransactWriteItems was made."""
    token = call.parameters.get(_MEMBER)
    if token and _tokens(call).answer(token, _digest(call)) is None:
        _tokens(call).keep(token, _digest(call), response.body)


def _tokens(call: AwsCall) -> Tokens:
    backend = dynamodb_backend(call.region)
    tokens: Tokens = vars(backend).setdefault("tokens_of_the_sandbox", Tokens())
    return tokens


def _digest(call: AwsCall) -> str:
    return hashlib.sha256(json.dumps(call.parameters, sort_keys=True).encode()).hexdigest()
