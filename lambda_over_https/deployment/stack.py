"""All that a step needs to know of the deployment it works on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.journal import Journal, Record
from lambda_over_https.deployment.sources import bundled_source
from lambda_over_https.errors import LohError
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, Names
from lambda_over_https.run_context import RunContext

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose for this deployment; remembered in the journal.

    ``runtime`` is ``python`` or ``nodejs``; ``source`` a file of the user's own instead of ours.
    """

    runtime: str = "python"
    role_arn: str = ""
    source: str = ""
    tutorial_policy: str = ""

    @property
    def source_path(self) -> Path:
        """The handler's source file."""
        return Path(self.source) if self.source else bundled_source(self.runtime)


@dataclass
class Stack:
    """One deployment in one place: names, clients, choices and what the journal knows.

    ``force`` lets a removal take off what somebody has put on to prevent it.
    """

    names: Names
    place: "Place"
    cloud: "Cloud"
    journal: Journal
    choices: Choices
    cache: Path
    force: bool = False
    _tree: dict[str, Any] | None = field(default=None, repr=False)
    _statements: dict[str, Any] | None = field(default=None, repr=False)
    _kinds: frozenset[str] = frozenset()

    @property
    def run(self) -> RunContext:
        """How to wait here."""
        return self.cloud.run

    @property
    def archive(self) -> Path:
        """Where the deployment package lies."""
        return self.journal.path.with_name(self.names.archive)

    @property
    def tags(self) -> dict[str, str]:
        """What marks a thing as this deployment's, set in the call that creates it."""
        return {TAG_DEPLOYMENT: self.journal.deployment.id, TAG_NAME: self.names.deployment}

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Whether a thing with these tags is this deployment's."""
        return tags.get(TAG_DEPLOYMENT) == self.journal.deployment.id

    def record(self, kind: str, name: str | None = None) -> Record | None:
        """What the journal knows of a thing."""
        return self.journal.find(kind, name)

    def remember_kinds(self) -> None:
        """Keep in mind what there was when a teardown began, while its records go one by one."""
        self._kinds = frozenset(record.kind for record in self.journal.state.records)

    def had(self, kind: str) -> bool:
        """Whether we made such a thing, even if this teardown has removed it by now."""
        return kind in self._kinds or self.record(kind) is not None

    def id_of(self, kind: str) -> str:
        """The id of a thing that an earlier step made; raises LohError if there is none."""
        record = self.record(kind)
        if record is None or not record.id:
            raise LohError(f"There is no {kind} yet.", "`loh run` makes what is missing, in order.")
        return record.id

    @property
    def function_arn(self) -> str:
        """The function's ARN, known before the function exists."""
        place = self.place
        return f"arn:{place.partition}:lambda:{place.region}:{place.account}:function:{self.names.function}"

    @property
    def table_arn(self) -> str:
        """The table's ARN, known before the table exists."""
        place = self.place
        return f"arn:{place.partition}:dynamodb:{place.region}:{place.account}:table/{self.names.table}"

    @property
    def log_group_arn(self) -> str:
        """The log group's ARN, without the ``:*`` that policies append."""
        place = self.place
        return f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{self.names.log_group}"

    @property
    def role_arn(self) -> str:
        """The execution role's ARN: ours, or the one the user lends."""
        own = f"arn:{self.place.partition}:iam::{self.place.account}:role/{self.names.role}"
        return self.choices.role_arn or own

    @property
    def invoke_url(self) -> str:
        """The URL of the deployed method; raises LohError before there is an API."""
        return self.place.invoke_url(self.id_of("apigateway:restapi"))

    def api_tree(self) -> Mapping[str, Any]:
        """The API's resources by path, with methods and integrations; read once until ``changed``."""
        if self._tree is None:
            api_id = self.id_of("apigateway:restapi")
            pages = self.cloud.apigateway.get_paginator("get_resources").paginate(
                restApiId=api_id, embed=["methods"], PaginationConfig={"PageSize": 500}
            )
            self._tree = {item["path"]: item for page in pages for item in page["items"]}
        return self._tree

    def function_policy(self) -> Mapping[str, Any]:
        """The statements of the function's resource policy by their Sid; read once until ``changed``."""
        if self._statements is None:
            lambda_ = self.cloud.lambda_
            try:
                policy = json.loads(lambda_.get_policy(FunctionName=self.names.function)["Policy"])
            except lambda_.exceptions.ResourceNotFoundException:
                policy = {"Statement": []}
            self._statements = {statement["Sid"]: statement for statement in policy["Statement"]}
        return self._statements

    def changed(self) -> None:
        """Forget what was read: a mutating call was made."""
        self._tree = self._statements = None
