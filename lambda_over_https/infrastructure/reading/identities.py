"""How a resource is known to others: its name in the description, its id, the ARNs that AWS makes of them."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lambda_over_https.infrastructure.description import Ref
from lambda_over_https.infrastructure.reading.symbols import ACCOUNT, NAMES, PARTITION, REGION
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.rehearsal import placeholder

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


PATTERNS: Mapping[str, Mapping[str, str]] = {
    Kind.ROLE: {"arn": "arn:{partition}:iam::{account}:role/{name}"},
    Kind.LOG_GROUP: {
        "arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
        "streams": "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
    },
    Kind.FUNCTION: {
        "arn": "arn:{partition}:lambda:{region}:{account}:function:{name}",
        "invoke_arn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
        "arn:{partition}:lambda:{region}:{account}:function:{name}/invocations",
    },
    Kind.SCHEDULE_GROUP: {"arn": "arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}"},
    Kind.TABLE: {"arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
    Kind.REST_API: {
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{id}",
    },
}
"""The texts that stand for a resource in the calls of others, by the attribute that they are."""


_PLACE = {"partition": PARTITION, "region": REGION, "account": ACCOUNT}


def stage_arn(api_id: str, stage: str) -> str:
    """The text that stands for a stage of an API in permissions: its methods follow."""
    return f"{PATTERNS[Kind.REST_API]['execution_arn'].format(**_PLACE, id=api_id)}/{stage}"


def stage_itself(api_id: str, stage: str) -> str:
    """The text that is the stage's own ARN."""
    return f"arn:{PARTITION}:apigateway:{REGION}::/restapis/{api_id}/stages/{stage}"


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
        for attribute, pattern in PATTERNS.get(self.kind, {}).items():
            text = pattern.format(**_PLACE, name=self.name, id=known["id"])
            yield text, Ref(self.kind, self.local, attribute)
