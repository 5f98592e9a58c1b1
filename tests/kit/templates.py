"""Deployments described and exported for tests, with or without being made."""

from dataclasses import replace
from pathlib import Path

from lambda_over_https.deployment.stack import Choices
from lambda_over_https.infrastructure.describing import describe
from lambda_over_https.infrastructure.description import Description
from lambda_over_https.names import names_for
from lambda_over_https.tutorial.steps import STEPS
from lambda_over_https.tutorial.steps.step import Standing
from tests.kit.lesson import somebody_elses
from tests.kit.support import Account, loh


def described(name: str = "tutorial", **choices: str) -> Description:
    """The whole tutorial for a deployment of that name and those choices."""
    return describe(names_for(name), replace(Choices(), **choices))


def exported_folder(name: str, form: str, folder: Path, *options: str) -> Path:
    """The folder that ``export`` makes of a deployment."""
    ran = loh("export", "--name", name, "--format", form, "--output", str(folder), *options)
    assert ran.code == 0, ran.err
    return folder


def api_is_the_tutorials(name: str, account: Account) -> bool:
    """Whether the steps 3.2 to 3.4 would change nothing of an API that something else has made."""
    with somebody_elses(name, account) as stack:
        parts = [part for step in STEPS if step.number in ("3.2", "3.3", "3.4") for part in step.parts(stack)]
        return {part.look(stack).standing for part in parts} == {Standing.OURS}
