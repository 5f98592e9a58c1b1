"""How a resource is known to others: its name in the description, its id, the ARNs that AWS makes of them."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from lambda_over_https.aws import arns
from lambda_over_https.infrastructure.description import Ref
from lambda_over_https.infrastructure.reading.symbols import NAMES, WHERE
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.rehearsal.rehearsing import placeholder

MANAGER = "manager"
"""What a description calls the function and what is there for it alone."""

LOCALS = {
    NAMES.role: MANAGER,
    NAMES.log_group: MANAGER,
    NAMES.function: MANAGER,
    NAMES.table: "items",
    NAMES.api: MANAGER,
    NAMES.schedule_group: MANAGER,
    NAMES.schedule_role: "scheduler",
    NAMES.firewall: "firewall",
    NAMES.blocked_addresses: "blocked",
}
"""What a description calls the resources of these names."""


def local_name(name: str) -> str:
    """What a description calls a resource of that name: one named after another, by what is added to it."""
    addition = re.sub(r"^.*<\w+>", "", name)
    return LOCALS.get(name) or re.sub(r"\W+", "_", addition).strip("_").lower()


SPELLINGS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    Kind.ROLE: {"arn": partial(arns.role, WHERE)},
    Kind.LOG_GROUP: {
        "arn": partial(arns.log_group, WHERE),
        "streams": lambda name: arns.log_streams(arns.log_group(WHERE, name)),
    },
    Kind.FUNCTION: {
        "arn": partial(arns.function, WHERE),
        "invoke_arn": lambda name: arns.invocations(WHERE, arns.function(WHERE, name)),
    },
    Kind.SCHEDULE_GROUP: {"arn": partial(arns.schedule_group, WHERE)},
    Kind.TABLE: {"arn": partial(arns.table, WHERE)},
    Kind.REST_API: {"execution_arn": partial(arns.execute_api, WHERE)},
}
"""What makes the texts that stand for a resource in the calls of others, by the attribute that they are.

Of its name; of a REST API of its id.
"""


def stage_arn(api_id: str, stage: str) -> str:
    """The text that stands for a stage of an API in permissions: its methods follow."""
    return arns.execute_stage(WHERE, api_id, stage)


def stage_itself(api_id: str, stage: str) -> str:
    """The text that is the stage's own ARN."""
    return arns.stage(WHERE, api_id, stage)


class Identity(NamedTuple):
    """A resource that a call makes: its kind, what the description calls it, its own name."""

    kind: str
    local: str
    name: str

    def spellings(self) -> Iterator[tuple[str, Ref]]:
        """Every text that means this resource, with what it means of it."""
        if "<" in self.name:  # a name without a symbol could stand anywhere by chance
            yield self.name, Ref(self.kind, self.local, "name")
        known = {each: placeholder(each, self.kind, self.name) for each in ("id", "arn")}
        for attribute, text in known.items():
            yield text, Ref(self.kind, self.local, attribute)
        of = known["id"] if self.kind == Kind.REST_API else self.name
        for attribute, spelled in SPELLINGS.get(self.kind, {}).items():
            yield spelled(of), Ref(self.kind, self.local, attribute)
