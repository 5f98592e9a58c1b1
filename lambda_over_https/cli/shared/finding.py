"""What a name or a number on the command line means: steps and chapters, and the nearest of what is known."""

from typing import TYPE_CHECKING

from lambda_over_https.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lambda_over_https.tutorial.parts.step import Step


def unknown(kind: str, name: str, known: "Iterable[str]", listing: str) -> UsageError:
    """The error for a name that is not ``known``; suggests the nearest one, or the command that lists all."""
    import difflib

    close = difflib.get_close_matches(name, list(known), 1)
    hint = f"Did you mean {close[0]}?" if close else f"`{listing}` lists them."
    return UsageError(f"There is no {kind} {name!r}.", hint)


def find_step(text: str, *, chapters: bool = False) -> "Step":
    """The step, or chapter, with that number or name; of a section, as in ``3``, the last one.

    Raises UsageError that suggests the nearest one.
    """
    return find_steps(text, chapters=chapters)[-1]


def find_steps(text: str, *, chapters: bool = False) -> "Sequence[Step]":
    """The step, or chapter, with that number or name; or all steps of a section of the tutorial, as ``3``.

    Raises UsageError that suggests the nearest one.
    """
    from lambda_over_https.tutorial.course import chapter_steps
    from lambda_over_https.tutorial.steps import STEPS

    steps = (*STEPS, *(chapter_steps() if chapters else ()))
    found = [step for step in steps if text in (step.number, step.name, step.number.partition(".")[0])]
    if found:
        return found
    from lambda_over_https.engine.remove.removal import CLEANING_UP

    if text == CLEANING_UP:
        raise UsageError(f"Step {CLEANING_UP}, cleaning up, is a command.", "`loh teardown` does it.")
    known = (each for step in steps for each in (step.number, step.name))
    raise unknown("step", text, known, "loh steps")


def position(step: "Step") -> str:
    """The step's number and its place among all: Step 2.2 (3 of 12)."""
    from lambda_over_https.tutorial.lessons import LESSONS

    if step.lesson not in LESSONS:
        return f"Chapter {step.number}"
    return f"Step {step.number} ({LESSONS.index(step.lesson) + 1} of {len(LESSONS)})"


def known_chapters(said: "Sequence[str]") -> list[str]:
    """These chapters, or all of them for ``all``; raises UsageError for one that there is not."""
    from lambda_over_https.tutorial.chapter_lessons import OUTLINES

    known = [each.name for each in OUTLINES]
    for name in said:
        if name not in (*known, "all"):
            raise unknown("chapter", name, known, "loh chapter list")
    return known if "all" in said else list(said)
