"""An account in memory that can only be listed, in pages no longer than AWS's: what a look at it costs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import boto3

from lambda_over_https.names import TAG_NAME, Names, names_for

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud

SERVICES = {
    "iam": "iam",
    "lambda_": "lambda",
    "dynamodb": "dynamodb",
    "apigateway": "apigateway",
    "logs": "logs",
    "scheduler": "scheduler",
    "wafv2": "wafv2",
    "tagging": "resourcegroupstaggingapi",
}
"""The clients of a Cloud, and boto3's names of their services."""

LONG_AGO = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Paging:
    """How an operation pages (its API reference): at most ``most`` on a page, however many are asked for."""

    key: str
    most: int
    size: str
    token: str
    next_token: str = ""


PAGING = {
    "ListRoles": Paging("Roles", 1000, "MaxItems", "Marker"),
    "ListFunctions": Paging("Functions", 50, "MaxItems", "Marker", "NextMarker"),
    "ListTables": Paging("TableNames", 100, "Limit", "ExclusiveStartTableName", "LastEvaluatedTableName"),
    "GetRestApis": Paging("items", 500, "limit", "position"),
    "GetUsagePlans": Paging("items", 500, "limit", "position"),
    "GetApiKeys": Paging("items", 500, "limit", "position"),
    "ListLogGroups": Paging("logGroups", 1000, "limit", "nextToken"),
    "ListScheduleGroups": Paging("ScheduleGroups", 100, "MaxResults", "NextToken"),
    "ListWebACLs": Paging("WebACLs", 100, "Limit", "NextMarker"),
    "ListIPSets": Paging("IPSets", 100, "Limit", "NextMarker"),
    "GetResources": Paging("ResourceTagMappingList", 100, "ResourcesPerPage", "PaginationToken"),
}


@dataclass
class ListedAccount:
    """What there is, by the operation that lists it. ``calls`` came; those in ``refused`` are denied."""

    items: Mapping[str, list[Any]] = field(default_factory=lambda: {each: [] for each in PAGING})
    refused: Collection[str] = ()
    calls: list[str] = field(default_factory=list)

    def cloud(self) -> "Cloud":
        """Clients that reach nothing but this account."""
        session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="us-east-1")
        return cast(
            "Cloud", SimpleNamespace(**{key: self._client(session, SERVICES[key]) for key in SERVICES})
        )

    def _client(self, session: boto3.Session, service: str) -> Any:
        make: Any = session.client
        client = make(service)
        client.meta.events.register("before-parameter-build", self._keep)
        client.meta.events.register("before-call", self._answer)
        return client

    def _keep(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = dict(params)

    def _answer(self, model: Any, context: Mapping[str, Any], **_: Any) -> tuple[Any, Mapping[str, Any]]:
        self.calls.append(model.name)
        if model.name in self.refused:
            error = {"Code": "AccessDeniedException", "Message": f"You may not call {model.name}."}
            return SimpleNamespace(status_code=403), {"Error": error, "ResponseMetadata": {}}
        page = self._page(PAGING[model.name], self.items[model.name], context["asked"])
        return SimpleNamespace(status_code=200), page

    def _page(self, paging: Paging, items: Sequence[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        if services := asked.get("ResourceTypeFilters"):
            items = [each for each in items if each["ResourceARN"].split(":")[2] in services]
        begin = int(asked.get(paging.token, "0"))
        end = begin + min(asked.get(paging.size, paging.most), paging.most)
        more = {paging.next_token or paging.token: str(end), "IsTruncated": True} if end < len(items) else {}
        return {paging.key: list(items[begin:end]), **more}

    def has(self, deployments: Iterable[str]) -> None:
        """Each has done the tutorial."""
        for names in map(names_for, deployments):
            self.items["ListRoles"].append(_role(names.role))
            self.items["ListFunctions"].append(
                {
                    "FunctionName": names.function,
                    "FunctionArn": names.function,
                    "LastModified": LONG_AGO.isoformat(),
                }
            )
            self.items["ListTables"].append(names.table)
            self.items["GetRestApis"].append(_api(names))
            self.items["ListLogGroups"].append(
                {"logGroupName": names.log_group, "logGroupArn": names.log_group}
            )

    def has_a_schedule(self, deployment: str) -> None:
        """One has switched on a chapter that makes a schedule group."""
        name = names_for(deployment).schedule_group
        arn = f"arn:aws:scheduler:us-east-1:123456789012:schedule-group/{name}"
        self.items["ListScheduleGroups"].append({"Name": name, "Arn": arn, "CreationDate": LONG_AGO})
        self.items["GetResources"].append({"ResourceARN": arn})

    def has_a_firewall(self, deployment: str) -> None:
        """One has switched on a chapter that makes a web ACL and an IP set."""
        names = names_for(deployment)
        for operation, kind, name in (
            ("ListWebACLs", "webacl", names.firewall),
            ("ListIPSets", "ipset", names.blocked_addresses),
        ):
            arn = f"arn:aws:wafv2:us-east-1:123456789012:regional/{kind}/{name}/id"
            self.items[operation].append({"Name": name, "Id": "id"})
            self.items["GetResources"].append({"ResourceARN": arn})


def _role(name: str) -> dict[str, Any]:
    return {"RoleName": name, "RoleId": name, "CreateDate": LONG_AGO}


def _api(names: Names) -> dict[str, Any]:
    tags = {TAG_NAME: names.deployment}
    return {"name": names.api, "id": names.api, "createdDate": LONG_AGO, "tags": tags}
