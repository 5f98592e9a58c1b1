"""How much one evaluation of a user's template, pattern, path or schema may cost.

All of them run on the event loop, in which the whole sandbox lives: one pattern such as ``(a+)+$`` would stop
everything. AWS limits them too: a ``#foreach`` to 1,000 rounds, the rest by the time of the integration.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from lambda_over_https.sandbox.gateway.errors import ConfigurationError

STEPS = 300_000
"""Of about a microsecond each: elements of a template, values that a path visits, checks of a schema."""

TEXT = 64 << 20
"""Characters of all texts that a template makes, those in between included."""

PATTERN_SECONDS = 0.25
"""For all patterns that are matched."""

ROUNDS = 1000
"""Of one #foreach (API Gateway developer guide, "Quotas")."""


class ExhaustedError(ConfigurationError):
    """The evaluation costs more than the sandbox allows; ``what`` says what is too much."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; the sandbox stops here")


@dataclass(slots=True)
class Budget:
    """What is left for one evaluation."""

    steps: int = STEPS
    text: int = TEXT
    pattern_seconds: float = PATTERN_SECONDS

    def step(self, count: int = 1) -> None:
        """Use up steps. ExhaustedError if too few are left."""
        self.steps -= count
        if self.steps < 0:
            raise ExhaustedError(f"it takes more than {STEPS:,} steps")

    def grow(self, characters: int) -> None:
        """Use up text. ExhaustedError if too little is left."""
        self.text -= characters
        if self.text < 0:
            raise ExhaustedError(f"it makes more than {TEXT:,} characters of text")

    def match(self, seconds: float) -> None:
        """Use up time for patterns. ExhaustedError if none is left."""
        self.pattern_seconds -= seconds
        if self.pattern_seconds <= 0:
            raise ExhaustedError(f"its patterns take more than {PATTERN_SECONDS} s to match")


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """The budget of the evaluation under way; a fresh one outside of any."""
    return _current.get() or Budget()


@contextlib.contextmanager
def budgeted() -> Iterator[Budget]:
    """One evaluation: what is done in the block shares a budget."""
    budget = Budget()
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)
