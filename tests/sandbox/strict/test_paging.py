"""Listings come in pages, as large as asked for, and botocore's paginators put them together again."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.kit.sandbox.control import BareApi, Clients, create_function, create_table, refused, trust_policy


class ThreeOfEach:
    """Makes three resources of each kind that has a listing; their names begin alike."""

    def __init__(self, aws: Clients, prefix: str, role: str) -> None:
        self._aws, self._role = aws, role
        self.names = [f"{prefix}{number}" for number in range(3)]

    def functions(self) -> tuple[Any, set[str]]:
        client = self._aws("lambda")
        made = {create_function(client, name, self._role)["FunctionName"] for name in self.names}
        return client, made

    def roles(self) -> tuple[Any, set[str]]:
        client = self._aws("iam")
        for name in self.names:
            client.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
        return client, set(self.names)

    def tables(self) -> tuple[Any, set[str]]:
        client = self._aws("dynamodb")
        for name in self.names:
            create_table(client, name)
        return client, set(self.names)

    def groups(self) -> tuple[Any, set[str]]:
        client = self._aws("logs")
        for name in self.names:
            client.create_log_group(logGroupName=name)
        return client, set(self.names)

    def apis(self) -> tuple[Any, set[str]]:
        client = self._aws("apigateway")
        return client, {client.create_rest_api(name=name)["id"] for name in self.names}

    def keys(self) -> tuple[Any, set[str]]:
        client = self._aws("apigateway")
        return client, {client.create_api_key(name=name)["id"] for name in self.names}

    def plans(self) -> tuple[Any, set[str]]:
        client = self._aws("apigateway")
        return client, {client.create_usage_plan(name=name)["id"] for name in self.names}


Make = Callable[[ThreeOfEach], tuple[Any, set[str]]]


@pytest.fixture
def three_of_each(aws: Clients, unique: str, role: str) -> ThreeOfEach:
    return ThreeOfEach(aws, unique, role)


@pytest.mark.parametrize(
    ("make", "operation", "items", "key"),
    [
        (ThreeOfEach.functions, "list_functions", "Functions", "FunctionName"),
        (ThreeOfEach.roles, "list_roles", "Roles", "RoleName"),
        (ThreeOfEach.tables, "list_tables", "TableNames", None),
        (ThreeOfEach.groups, "describe_log_groups", "logGroups", "logGroupName"),
        (ThreeOfEach.apis, "get_rest_apis", "items", "id"),
        (ThreeOfEach.keys, "get_api_keys", "items", "id"),
        (ThreeOfEach.plans, "get_usage_plans", "items", "id"),
    ],
)
def test_a_paginator_finds_everything_page_by_page(
    three_of_each: ThreeOfEach,
    make: Callable[[ThreeOfEach], tuple[Any, set[str]]],
    operation: str,
    items: str,
    key: str | None,
) -> None:
    client, made = make(three_of_each)
    found = [
        [item[key] if key else item for item in page[items]]
        for page in client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2})
    ]
    assert all(len(page) == 2 for page in found[:-1])
    assert len(found) >= 2
    listed = [each for page in found for each in page]
    assert made <= set(listed)
    assert len(set(listed)) == len(listed)


def test_the_resources_of_an_api_come_in_pages_of_25(aws: Clients, unique: str) -> None:
    api = BareApi(aws("apigateway"), unique)
    made = {api.root, api.resource, *(api.add(f"part{number}") for number in range(25))}
    first = api.client.get_resources(restApiId=api.id)
    assert len(first["items"]) == 25
    rest = api.client.get_resources(restApiId=api.id, position=first["position"])
    assert {item["id"] for page in (first, rest) for item in page["items"]} == made
    assert "position" not in rest
    assert len(api.client.get_resources(restApiId=api.id, limit=500)["items"]) == 27


def test_what_is_deleted_between_two_pages_hides_nothing(aws: Clients, unique: str) -> None:
    api = BareApi(aws("apigateway"), unique)
    for number in range(3):
        api.add(f"part{number}")
    first = api.client.get_resources(restApiId=api.id, limit=3)
    for item in first["items"]:
        if item["id"] != api.root:
            api.client.delete_resource(restApiId=api.id, resourceId=item["id"])
    rest = api.client.get_resources(restApiId=api.id, limit=3, position=first["position"])
    assert len(rest["items"]) == 2


def test_a_position_that_is_none_is_refused(aws: Clients) -> None:
    client = aws("apigateway")
    assert refused(client.get_rest_apis, position="!") == (
        400,
        "BadRequestException",
        "Invalid position specified",
    )
