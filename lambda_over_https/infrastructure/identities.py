"""How a resource is known to others: its name in the description, its id, the ARNs that AWS makes of them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lambda_over_https.infrastructure.description import Ref
from lambda_over_https.infrastructure.symbols import ACCOUNT, PARTITION, REGION
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.rehearsal import PLACEHOLDERS

LOCALS = {"role": "manager", "function": "manager", "api": "manager", "table": "items"}
"""What a description calls the resource of that field of ``Names``; others by the field itself."""

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
    Kind.TABLE: {"arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
    Kind.REST_API: {
        "id": "{id}",
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{id}",
    },
}
"""The texts that stand for a resource in the calls of others, by the attribute that they are."""


class Identity(NamedTuple):
    """A resource that a call makes: its kind, what the description calls it, its own name."""

    kind: str
    local: str
    name: str

    def spellings(self) -> Iterator[tuple[str, Ref]]:
        """Every text that means this resource, with what it means of it."""
        if self.name.startswith("<") and self.name.endswith(">"):
            yield self.name, Ref(self.kind, self.local, "name")
        for attribute, pattern in PATTERNS.get(self.kind, {}).items():
            text = pattern.format(
                partition=PARTITION,
                region=REGION,
                account=ACCOUNT,
                name=self.name,
                id=PLACEHOLDERS.get(Kind(self.kind), ""),
            )
            yield text, Ref(self.kind, self.local, attribute)
