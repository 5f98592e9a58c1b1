"""Rebuild a lost or damaged journal from what AWS holds: tags, names, and what belongs to what.

The account is only looked at. Everything that is found says how sure that is; what is not ours is named and
left alone. The old journal, whatever is wrong with it, is kept as a backup.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from lambda_over_https.aws.policies import tutorial_policy
from lambda_over_https.deployment import journal as journals
from lambda_over_https.deployment.journal import ADOPTED, MADE, Journal, Record, State
from lambda_over_https.deployment.sources import build_archive, bundled_source, code_sha256, read_source
from lambda_over_https.deployment.stack import Choices, Stack
from lambda_over_https.engine.engine import Guard
from lambda_over_https.errors import UsageError
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.tutorial.steps.api import all_apis
from lambda_over_https.tutorial.steps.step import Part, Sighting, Standing, Step

Sure = Literal["certain", "likely", "not ours"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing, how sure it is that it is this deployment's, and why."""

    kind: str
    name: str
    id: str
    sure: Sure
    reason: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """What ``recover`` did: the rebuilt state, everything found, and where the old journal is kept.

    ``own_source``: the function's code is not ours. AWS keeps no trace of the file that it came from, so the
    next ``run`` must be told of it again.
    """

    state: State
    found: Sequence[Found]
    backup: Path | None
    own_source: bool = False


class Recoverer:
    """Looks for one deployment's things with the parts of the given steps."""

    def __init__(self, steps: Sequence[Step], stack: Stack, guard: Guard) -> None:
        self._steps = steps
        self._stack = stack
        self._guard = guard
        self.found: list[Found] = []
        self.own_source = False

    def ids(self) -> dict[str, list[str]]:
        """The ids that things of this deployment's names carry in their tags, and what carries each."""
        carried: dict[str, list[str]] = {}
        for what, tags in self._tags():
            if tags.get(TAG_NAME) == self._stack.names.deployment and TAG_DEPLOYMENT in tags:
                carried.setdefault(tags[TAG_DEPLOYMENT], []).append(what)
        return carried

    def _tags(self) -> Iterator[tuple[str, dict[str, str]]]:
        for part, _ in self._parts(_proves):
            if part.kind != "apigateway:restapi":  # names of APIs are not unique: all are asked, below
                yield f"{part.kind} {part.name(self._stack)}", dict(self._look(part).tags)
        with self._guard():
            for api in all_apis(self._stack):
                yield f"apigateway:restapi {api['name']} {api['id']}", dict(api.get("tags", {}))

    def rebuild(self) -> State:
        """Look for everything and write down in the stack's journal what is ours; returns its state."""
        owners = sorted(self._parts(_proves), key=lambda each: each[0].kind == "logs:log-group")
        for part, step in owners:  # the log group last: whether an untagged one is ours depends on the rest
            self._take_in(part, step)
        self._restore_choices()
        for part, step in self._parts(lambda part: not _proves(part)):
            self._take_in(part, step)
        self._mark_steps()
        return self._stack.journal.state

    def _parts(self, wanted: Callable[[Part], bool]) -> list[tuple[Part, Step]]:
        parts = ((part, step) for step in self._steps for part in (*step.also, *step.parts(self._stack)))
        chosen = {(part.kind, part.name(self._stack)): (part, step) for part, step in parts if wanted(part)}
        return list(chosen.values())

    def _look(self, part: Part) -> Sighting:
        with self._guard():
            return part.look(self._stack)

    def _take_in(self, part: Part, step: Step) -> None:
        if not _proves(part) and not part.adopted and self._stack.record(part.owner) is None:
            return
        seen, name = self._look(part), part.name(self._stack)
        if seen.standing is Standing.ABSENT:
            return
        sure, reason = _judge(part, seen)
        self.found.append(Found(part.kind, name, seen.id, sure, reason))
        if sure != "not ours":
            state = ADOPTED if part.adopted else MADE
            record = Record(part.kind, name, step.number, state, seen.id, seen.arn, detail=seen.detail)
            self._stack.journal.made(record)

    def _restore_choices(self) -> None:
        """What the user had chosen, as the function and the role's policy tell it."""
        if self._stack.record("lambda:function") is None:
            return
        with self._guard():
            function = self._stack.cloud.lambda_.get_function_configuration(
                FunctionName=self._stack.names.function
            )
        runtime = function.get("Runtime", "")
        language = next((each for each in RUNTIMES if runtime.startswith(each)), "python")
        ours = build_archive(read_source(bundled_source(language)), language)
        self.own_source = function.get("CodeSha256") != code_sha256(ours)
        lent = "" if function["Role"] == self._stack.role_arn else function["Role"]
        choices = replace(self._stack.choices, runtime=language, role_arn=lent)
        self._stack.choices = replace(choices, tutorial_policy="yes" if self._is_wide() else "")
        self._stack.journal.choose(asdict(self._stack.choices))

    def _is_wide(self) -> bool:
        if self._stack.record("iam:role") is None:
            return False
        iam, names = self._stack.cloud.iam, self._stack.names
        with self._guard():
            try:
                found = iam.get_role_policy(RoleName=names.role, PolicyName=names.policy)
            except iam.exceptions.NoSuchEntityException:
                return False
        return bool(found["PolicyDocument"] == tutorial_policy())

    def _mark_steps(self) -> None:
        """A step whose parts are all there is done; what a step only does, ``run`` does again."""
        for step in self._steps:
            parts = step.parts(self._stack)
            there = [self._stack.record(part.kind, part.name(self._stack)) for part in parts]
            if parts and all(there) and not step.act:
                self._stack.journal.step(step.number, "done")


def _proves(part: Part) -> bool:
    return part.owner == part.kind and not part.adopted


def _judge(part: Part, seen: Sighting) -> tuple[Sure, str]:
    if seen.standing is Standing.FOREIGN:
        return "not ours", "it does not carry this deployment's tag: left alone"
    if part.adopted:
        return "certain", "the function uses it; it was lent"
    if part.kind.startswith("local:"):
        return "certain", "a file in the deployment's folder"
    if not _proves(part):
        return "certain", f"it belongs to the {part.owner}"
    if seen.tags:
        return "certain", "it carries the deployment's tag"
    return "likely", seen.reason


def recover(stack: Stack, steps: Sequence[Step], guard: Guard, wanted: str | None) -> Recovery:
    """Rebuild the journal of ``stack``; the caller holds its lock.

    ``wanted`` is the deployment's id where several are found (else UsageError names them).
    """
    path = stack.journal.path
    identity = wanted or _chosen_id(_id_in(path), Recoverer(steps, stack, guard).ids())
    scratch = replace(stack, journal=_scratch(stack, identity), choices=Choices())
    recoverer = Recoverer(steps, scratch, guard)
    state = recoverer.rebuild()
    backup = journals.set_aside(path) if path.exists() else None
    if state.records:
        Journal(path, state).save()
    return Recovery(state, recoverer.found, backup, recoverer.own_source)


def _scratch(stack: Stack, identity: str) -> Journal:
    """A journal in memory: nothing is written before all has been found."""
    deployment = replace(stack.journal.deployment, id=identity or stack.journal.deployment.id)
    return Journal(stack.journal.path, State(deployment), lambda *_: None)


def _id_in(path: Path) -> str:
    """The deployment's id in what is left of a damaged journal."""
    try:
        text = path.read_bytes().decode(errors="replace")
    except OSError:
        return ""
    match = re.search(r'"id":\s*"([a-z0-9_-]+-[0-9a-f]{16})"', text)
    return match[1] if match else ""


def _chosen_id(noted: str, carried: dict[str, list[str]]) -> str:
    """The id in the old journal if anything carries it, else the only one that is carried at all."""
    if noted in carried or not carried:
        return noted
    if len(carried) > 1:
        lines = "; ".join(f"{each}: {', '.join(things)}" for each, things in sorted(carried.items()))
        raise UsageError(f"Several deployments of this name are found: {lines}.", "Say which with --id.")
    return next(iter(carried))
