"""Make AWS calls again where the ``verdict`` says so, with waits that can be seen and ended."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.aws.waiting.queue import QUEUED, ApiQueue
from lambda_over_https.aws.waiting.rates import RATIONED
from lambda_over_https.aws.waiting.verdict import Again, again, is_throttle, unanswered
from lambda_over_https.run_context import RunContext

_SINCE = "loh_since"
"""The member of a call's context that says when it was first refused."""


class RetryHandler:
    """Answers botocore's ``needs-retry`` event; waits by itself, so that the wait can be seen and ended.

    ``queue`` knows how a refused DeleteRestApi gets on. Without ``turns``, a rationed call that is refused is
    not made again. ``factor`` is how many seconds one of AWS's takes there.
    """

    def __init__(
        self,
        run: RunContext,
        patience: float,
        queue: ApiQueue | None = None,
        *,
        turns: bool = True,
        factor: float = 1.0,
    ) -> None:
        self._run = run
        self._patience = patience
        self._queue = queue
        self._turns = turns
        self._factor = factor

    def __call__(
        self,
        response: tuple[Any, Mapping[str, Any]] | None,
        operation: Any,
        attempts: int,
        request_dict: Mapping[str, Any],
        caught_exception: Exception | None = None,
        **_: Any,
    ) -> float | None:
        """Return 0 to try again at once (the wait is over by then) or None to let the answer stand."""
        if response is not None and response[0].status_code < 300:
            return None  # even after ^C: what was made must be written down
        self._run.raise_if_interrupted()
        context = request_dict["context"]
        since = context.setdefault(_SINCE, self._run.clock())
        error = response[1].get("Error", {}) if response else {}
        status = response[0].status_code if response else None
        if operation.name == QUEUED and self._queue and self._turns and is_throttle(error, status):
            return self._wait_in(self._queue, since)
        verdict = self._verdict(operation.name, attempts, error, status)
        if response is None:
            verdict = unanswered(operation.name, attempts, caught_exception, verdict)
        if verdict is None or self._run.clock() - since + verdict.delay > self._patience:
            return None
        self._run.wait(verdict.delay, verdict.reason, since)
        return 0.0

    def _verdict(
        self, operation: str, attempts: int, error: Mapping[str, Any], status: int | None
    ) -> Again | None:
        if operation in RATIONED and not self._turns and is_throttle(error, status):
            return None
        return again(operation, attempts, error, status, self._factor)

    def _wait_in(self, queue: ApiQueue, since: float) -> float | None:
        """Wait for the next try; None if nothing has moved in the queue for as long as our patience."""
        queue.look()
        delay = queue.delay()
        if self._run.clock() - max(since, queue.moved_at) + delay > self._patience:
            return None
        self._run.wait(delay, queue.sentence(), since)
        return 0.0


def is_repeated(context: Mapping[str, Any]) -> bool:
    """Whether the call with this context was refused before, and has waited by itself since."""
    return _SINCE in context
