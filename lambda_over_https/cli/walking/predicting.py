"""The prediction before something is shown: a key at a terminal, or an option."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lambda_over_https.errors import UsageError

if TYPE_CHECKING:
    from lambda_over_https.events import Asked, Emit, Explained, Predicted
    from lambda_over_https.practice.question import Question

Predict = Annotated[
    str | None, typer.Option(help="Your prediction (a, b or c), so that no key is asked for.")
]


def foresee(
    about: "Question[Any]", told: str | None, *, as_json: bool, heading: str = "What if?"
) -> int | None:
    """Show the question and take the prediction: the index of an answer, None where nobody is asked."""
    from lambda_over_https.show.drill import LETTERS, print_question

    if told is not None and (len(told) != 1 or told not in LETTERS):
        raise UsageError(f"{told!r} is not one of the answers.", "Choose --predict a, b or c.")
    if not as_json:
        print_question(about, heading)
    if told is None and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        told = _ask(LETTERS)
    return LETTERS.index(told) if told else None


def prediction(exercise: str, name: str, said: int | None, about: "Question[Any]") -> "Predicted":
    """What the learner said of an exercise, for the logbook."""
    from lambda_over_https.events import Predicted
    from lambda_over_https.show.drill import LETTERS

    return Predicted("", exercise, name, "" if said is None else LETTERS[said], LETTERS[about.right])


@contextmanager
def exercising(exercise: str, name: str, about: "Question[Any]", emit: "Emit") -> Iterator[None]:
    """Tell of the question, for the board, and of the end of the block, whatever ends it.

    ``exercise`` is drill or chapter, ``name`` which one.
    """
    from lambda_over_https.events import ExerciseEnded

    emit(_asked(exercise, name, about))
    try:
        yield
    finally:
        emit(ExerciseEnded("", exercise, name))


def _asked(exercise: str, name: str, about: "Question[Any]") -> "Asked":
    from lambda_over_https.events import Asked

    return Asked("", exercise, name, about.title, about.story, about.question, tuple(about.choices))


def explained(exercise: str, name: str, about: "Question[Any]") -> "Explained":
    """The event of its answer, once it has been seen."""
    from lambda_over_https.events import Explained
    from lambda_over_https.show.drill import LETTERS

    return Explained("", exercise, name, LETTERS[about.right], about.why)


def _ask(letters: str) -> str | None:
    from lambda_over_https import show
    from lambda_over_https.cli.keys import END, forget_typed, read_key

    forget_typed()
    show.say("\nYour prediction? (a, b or c; q quits)")
    while (key := read_key()) != END:
        if key in letters:
            return key
        show.say(f"Press {', '.join(letters[:-1])} or {letters[-1]} to predict, q to quit.")
    raise typer.Exit(0)
