"""Deployments described and exported for tests, with or without being made."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.reading.deployment import describe
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.parts.part import Standing
from tests.kit.program.lesson import somebody_elses
from tests.kit.program.support import Account, loh

DESCRIBED = ("cors", "throttle", "keys", "schedule", "cache", "protect")
"""The chapters that a description has."""

CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"runtime": "nodejs"},
    {"role_arn": "arn:aws:iam::123456789012:role/LabRole"},
    {"permissions_boundary": "arn:aws:iam::123456789012:policy/boundary"},
    {"chapters": tuple(DESCRIBED)},
    *({"chapters": (each,)} for each in DESCRIBED),
)
"""Choices that are described differently."""


def described(name: str = "tutorial", **choices: Any) -> Description:
    """The whole tutorial for a deployment of that name and those choices."""
    return describe(names_for(name), replace(Choices(), **choices))


def exported_folder(name: str, form: str, folder: Path, *options: str) -> Path:
    """The folder that ``export`` makes of a deployment."""
    ran = loh("export", "--name", name, "--format", form, "--output", str(folder), *options)
    assert ran.code == 0, ran.err
    return folder


def differences(
    name: str, account: Account, chapters: str = "", ids: Mapping[tuple[str, str], str] | None = None
) -> dict[str, str]:
    """What the steps would change of what something else has made, with the reason: all but what has our tag.

    Not the stage, which tells by a description of ours which definition it serves, and not the permissions,
    of which an export has only those that say something new.
    """
    with somebody_elses(name, account, chapters, ids) as stack:
        parts = [
            part
            for step in steps_of(stack)
            for part in step.parts(stack)
            if part.owner and part.kind not in (Kind.STAGE, Kind.PERMISSION)
        ]
        found = {f"{part.kind} {part.name(stack)}": part.look(stack) for part in parts}
    assert found
    return {
        what: f"{seen.standing} {seen.reason}"
        for what, seen in found.items()
        if seen.standing is not Standing.OURS
    }


def with_chapters(name: str, *options: str) -> str:
    """Make a deployment with all chapters that can be described; gives them as its choices have them."""
    assert loh("run", "--no-pause", "--name", name, *options).code == 0
    for chapter in DESCRIBED:
        ran = loh("chapter", "on", chapter, "--yes", "--name", name)
        assert ran.code == 0, ran.err
    return " ".join(DESCRIBED)
