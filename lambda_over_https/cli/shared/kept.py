"""The recorded calls of a deployment, and of one step."""

from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.errors import LohError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.deployment.recorded.call import Call
    from lambda_over_https.tutorial.parts.step import Step


def history_file(settings: Settings) -> Path | None:
    """The deployment's history; if there is no deployment, that of the last one of this name."""
    from lambda_over_https.deployment.deployments import folder_of, journal_on_disk
    from lambda_over_https.deployment.recorded import history as histories

    folder = folder_of(settings, journal_on_disk(settings))
    return folder / histories.FILE if folder else None


def recorded(settings: Settings) -> "list[Call]":
    """All recorded calls; raises LohError if there are none."""
    calls = _recorded_if_any(settings)
    if not calls:
        raise nothing_recorded()
    return calls


def _recorded_if_any(settings: Settings) -> "list[Call]":
    from lambda_over_https.deployment.recorded import history as histories

    path = history_file(settings)
    return histories.read(path) if path else []


def nothing_recorded() -> LohError:
    """The error where nothing is kept yet."""
    return LohError("No calls have been recorded yet.", "`loh run` records some.")


def calls_of_step(settings: Settings, step: "Step") -> "tuple[list[Call], bool]":
    """The calls of a step that was done, and True; or those it will make, and False.

    Of a chapter it is always the calls that switch it on: it changes resources that other steps made.
    """
    from lambda_over_https.deployment.choices import Choices
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.transcript.selection import effective

    journal = journal_on_disk(settings)
    on = Choices.remembered(journal.state.choices if journal else {}).chapters
    done = [] if step.without else effective(_recorded_if_any(settings), [step.number], on)
    if done:
        return done, True
    from lambda_over_https.practice.rehearsal.lost_calls import calls_that_made
    from lambda_over_https.practice.rehearsal.rehearsing import imagined, rehearse, rehearse_switch

    with imagined(settings, journal) as stack:
        if step.without:
            return rehearse_switch(step.name, stack), False
        done = calls_that_made([], [step], stack)
        return (done, True) if done else (rehearse(step, stack), False)
