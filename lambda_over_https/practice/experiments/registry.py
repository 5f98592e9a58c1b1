"""The experiment of each chapter, by the chapter's name."""

from collections.abc import Mapping
from typing import Any, Protocol

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.experiments import cache, cors, keys, protect, schedule, throttle
from lambda_over_https.practice.experiments.experiment import Experiment


class MakeExperiment(Protocol):
    """Gives the experiment for a deployment, with the chapter on or off."""

    def __call__(self, stack: Stack, *, on: bool) -> Experiment[Any]:
        """The experiment; raises LohError if there is nothing to see while the chapter is off."""
        ...


EXPERIMENTS: Mapping[str, MakeExperiment] = {
    "cors": cors.experiment,
    "throttle": throttle.experiment,
    "keys": keys.experiment,
    "schedule": schedule.experiment,
    "cache": cache.experiment,
    "protect": protect.experiment,
}
