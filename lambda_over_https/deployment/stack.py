"""All that a step needs to know of the deployment it works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.readings import Readings
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, Names
from lambda_over_https.run_context import RunContext

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place


_IN_WORDS: Mapping[str, str] = {
    Kind.REST_API: "REST API",
    Kind.RESOURCE: "resource",
    Kind.API_KEY: "API key",
    Kind.USAGE_PLAN: "usage plan",
}
"""What a sentence calls the kinds of resources whose ids others need."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One deployment in one place: names, clients, choices and what the journal knows.

    ``readings`` keeps what was read of AWS until something is changed. ``kinds_before`` are the kinds of
    resources that there were when a teardown began: their records go one by one meanwhile.
    """

    names: Names
    place: "Place"
    cloud: "Cloud"
    journal: Journal
    choices: Choices
    cache: Path
    readings: Readings = field(default_factory=Readings, repr=False)
    kinds_before: frozenset[str] = frozenset()

    @property
    def run(self) -> RunContext:
        """Who hears of events, how to wait, whether to stop."""
        return self.cloud.run

    @property
    def archive(self) -> Path:
        """Where the deployment package lies."""
        return self.journal.path.with_name(self.names.archive)

    @property
    def tags(self) -> dict[str, str]:
        """What marks a resource as this deployment's, set in the call that creates it."""
        return {TAG_DEPLOYMENT: self.journal.deployment.id, TAG_NAME: self.names.deployment}

    @property
    def tag_list(self) -> list[Any]:
        """The same as IAM, DynamoDB, Scheduler and WAF take it: a ``Key`` and a ``Value`` each."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Whether a resource with these tags is this deployment's."""
        return tags.get(TAG_DEPLOYMENT) == self.journal.deployment.id

    def record(self, kind: str, name: str | None = None) -> Record | None:
        """What the journal knows of a resource."""
        return self.journal.find(kind, name)

    def had(self, kind: str) -> bool:
        """Whether we made such a resource, even if this teardown has removed it by now."""
        return kind in self.kinds_before or self.record(kind) is not None

    def id_of(self, kind: str, name: str | None = None) -> str:
        """The id of a resource that an earlier step made; raises LohError if there is none."""
        record = self.record(kind, name)
        if record is None or not record.id:
            raise LohError(
                f"There is no {_IN_WORDS.get(kind, kind)} yet.", "`loh run` makes what is missing, in order."
            )
        return record.id

    @property
    def function_arn(self) -> str:
        """The function's ARN, known before the function exists."""
        return arns.function(self.place, self.names.function)

    @property
    def table_arn(self) -> str:
        """The table's ARN, known before the table exists."""
        return arns.table(self.place, self.names.table)

    @property
    def log_group_arn(self) -> str:
        """The log group's ARN, without the ``:*`` that policies append."""
        return arns.log_group(self.place, self.names.log_group)

    @property
    def role_arn(self) -> str:
        """The execution role's ARN: ours, or the one the user lends."""
        return self.choices.role_arn or arns.role(self.place, self.names.role)

    @property
    def invoke_url(self) -> str:
        """The URL of the deployed method; raises LohError before there is an API."""
        return self.place.invoke_url(self.id_of(Kind.REST_API))
