"""What can be wrong with a deployment: each part as its own step sees it, and what no step looks at."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Probe, Wrong, function, gateway, role
from lambda_over_https.doctor.answers import Answers
from lambda_over_https.doctor.limits import Limits
from lambda_over_https.engine import acts
from lambda_over_https.hints import command
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.parts.part import Part, Standing
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.role.policy import InlinePolicy
from lambda_over_https.tutorial.ways import WAYS


class After:
    """The examination of one deployment."""

    def __init__(self, stack: Stack, steps: Sequence[Step], today: date) -> None:
        self._stack = stack
        self._steps = steps
        self._run = command("loh run")
        self._today = today

    def probes(self) -> Iterator[Probe]:
        """Every probe, causes before what follows from them."""
        names: list[str] = []
        for probe in (*self._special_first(), *self._parts(), *self._special()):
            names.append(probe.name)
            yield probe
        if self._stack.record(Kind.STAGE) and self._stack.record(Kind.PERMISSION):
            answers = Answers(self._stack)
            for name in WAYS:
                yield Probe(f"answer via {name}", partial(answers.by, name), frozenset(names))

    # --- what the steps look at ---

    def _parts(self) -> Iterator[Probe]:
        for step in self._steps:
            for part in step.parts(self._stack):
                name = part.name(self._stack)
                if part.local or self._stack.record(part.kind, name) is None:
                    continue
                needs = {*part.rests_on, *_MORE_NEEDS.get(part.kind, ())}
                yield Probe(_title(part, name), partial(self._part, part), self._named(needs))

    def _named(self, kinds: set[str]) -> frozenset[str]:
        """The names of the checks of these kinds."""
        parts = [part for step in self._steps for part in step.parts(self._stack)]
        return frozenset(
            {_title(part, part.name(self._stack)) for part in parts if part.kind in kinds} | kinds
        )

    def _part(self, part: Part) -> str:
        seen = acts.look(part, self._stack)
        if seen.standing is Standing.OURS:
            return "as it should be"
        if seen.standing is Standing.FOREIGN:
            raise Wrong(f"{seen.reason}, and it is not this deployment's", command("loh run --name ANOTHER"))
        after = part.deployed_with == Kind.STAGE and self._stage_is_as_recorded()
        what = "it is missing" if seen.standing is Standing.ABSENT else seen.reason
        raise Wrong(f"{what} (after the last deployment)" if after else what, self._run)

    def _stage_is_as_recorded(self) -> bool:
        """Whether the stage serves the deployment that we made: nobody has deployed a later change."""
        record, apigateway = self._stack.record(Kind.STAGE), self._stack.cloud.apigateway
        if record is None:
            return False
        with explained():
            try:
                stage = apigateway.get_stage(restApiId=self._stack.id_of(Kind.REST_API), stageName=STAGE)
            except apigateway.exceptions.NotFoundException:
                return False
        return bool(stage["deploymentId"] == record.detail.get("deployment_id"))

    # --- what no step looks at ---

    def _special_first(self) -> Iterator[Probe]:
        if self._stack.record(Kind.FUNCTION):
            yield Probe("runtime", partial(function.runtime, self._stack, self._today))
        if self._stack.record(Kind.ROLE):
            yield Probe("the role's identity", partial(role.identity, self._stack))

    def _special(self) -> Iterator[Probe]:
        if self._stack.choices.role_arn:
            yield Probe("trust", partial(role.trust, self._stack), self._named({Kind.ROLE}))
        yield from self._limits()
        if self._stack.record(Kind.FUNCTION):
            needs = self._named({Kind.FUNCTION})
            yield Probe("concurrency", partial(function.concurrency, self._stack), needs)
            yield Probe("log group", partial(function.log_group, self._stack), needs)
        if self._stack.record(Kind.REST_API):
            yield Probe("endpoint", partial(gateway.endpoint, self._stack), self._named({Kind.REST_API}))
        if self._stack.record(Kind.STAGE):
            yield Probe("throttle", partial(gateway.throttle, self._stack), self._named({Kind.STAGE}))

    def _limits(self) -> Iterator[Probe]:
        """Of each role of ours that has its policy."""
        for part in (part for step in self._steps for part in step.parts(self._stack)):
            if isinstance(part, InlinePolicy) and self._stack.record(part.kind, part.name(self._stack)):
                limits, needs = Limits(self._stack, part), self._named({part.kind, *part.rests_on})
                yield Probe(f"permissions boundary of {limits.role}", limits.boundary, needs)
                yield Probe(f"other policies of {limits.role}", limits.policies, needs)


# Looked at first because it is the cause of a difference that the function's own step would name.
_MORE_NEEDS: Mapping[str, tuple[str, ...]] = {
    Kind.FUNCTION: ("runtime", "the role's identity"),
    Kind.ROLE: ("the role's identity",),
}


def _title(part: Part, name: str) -> str:
    return f"{part.kind} {name}"
