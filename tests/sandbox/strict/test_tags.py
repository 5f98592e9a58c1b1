"""Reserved tag keys, and more tags than a resource may have, are refused as on AWS."""

from collections.abc import Mapping

import pytest

from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    Clients,
    create_function,
    create_table,
    refused,
    trust_policy,
)

Tags = Mapping[str, str]


def pairs(tags: Tags) -> list[dict[str, str]]:
    """Tags as IAM takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Api:
    """A REST API and its tags."""

    reserved = (400, "BadRequestException")
    too_many = (400, "BadRequestException")
    too_many_at_once = too_many

    def __init__(self, aws: Clients, name: str, role: str) -> None:
        self.client, self.name = aws("apigateway"), name

    def create(self, tags: Tags) -> None:
        made = self.client.create_rest_api(name=self.name, tags=tags)
        self.arn = f"arn:aws:apigateway:{REGION}::/restapis/{made['id']}"

    def tag(self, tags: Tags) -> None:
        self.client.tag_resource(resourceArn=self.arn, tags=tags)

    def count(self) -> int:
        return len(self.client.get_tags(resourceArn=self.arn)["tags"])


class Function:
    """A function and its tags."""

    reserved = (400, "InvalidParameterValueException")
    too_many = (400, "InvalidParameterValueException")
    too_many_at_once = too_many

    def __init__(self, aws: Clients, name: str, role: str) -> None:
        self.client, self.name, self.role = aws("lambda"), name, role
        self.arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"

    def create(self, tags: Tags) -> None:
        create_function(self.client, self.name, self.role, Tags=tags)

    def tag(self, tags: Tags) -> None:
        self.client.tag_resource(Resource=self.arn, Tags=tags)

    def count(self) -> int:
        return len(self.client.list_tags(Resource=self.arn)["Tags"])


class Role:
    """A role and its tags."""

    reserved = (400, "InvalidInput")
    too_many = (409, "LimitExceeded")
    too_many_at_once = (400, "ValidationError")

    def __init__(self, aws: Clients, name: str, role: str) -> None:
        self.client, self.name = aws("iam"), name

    def create(self, tags: Tags) -> None:
        document = trust_policy()
        self.client.create_role(RoleName=self.name, AssumeRolePolicyDocument=document, Tags=pairs(tags))

    def tag(self, tags: Tags) -> None:
        self.client.tag_role(RoleName=self.name, Tags=pairs(tags))

    def count(self) -> int:
        return len(self.client.list_role_tags(RoleName=self.name)["Tags"])


class Table:
    """A table and its tags."""

    reserved = (400, "ValidationException")
    too_many = (400, "ValidationException")
    too_many_at_once = too_many

    def __init__(self, aws: Clients, name: str, role: str) -> None:
        self.client, self.name = aws("dynamodb"), name
        self.arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"

    def create(self, tags: Tags) -> None:
        create_table(self.client, self.name, Tags=pairs(tags))

    def tag(self, tags: Tags) -> None:
        self.client.tag_resource(ResourceArn=self.arn, Tags=pairs(tags))

    def count(self) -> int:
        pages = self.client.get_paginator("list_tags_of_resource").paginate(ResourceArn=self.arn)
        return sum(len(page["Tags"]) for page in pages)


class Group:
    """A log group and its tags."""

    reserved = (400, "InvalidParameterException")
    too_many = (400, "InvalidParameterException")
    too_many_at_once = too_many

    def __init__(self, aws: Clients, name: str, role: str) -> None:
        self.client, self.name = aws("logs"), name
        self.arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"

    def create(self, tags: Tags) -> None:
        self.client.create_log_group(logGroupName=self.name, **({"tags": tags} if tags else {}))

    def tag(self, tags: Tags) -> None:
        self.client.tag_resource(resourceArn=self.arn, tags=tags)

    def count(self) -> int:
        return len(self.client.list_tags_for_resource(resourceArn=self.arn)["tags"])


Thing = Api | Function | Role | Table | Group


@pytest.fixture(params=[Api, Function, Role, Table, Group])
def thing(request: pytest.FixtureRequest, aws: Clients, unique: str, role: str) -> Thing:
    made: Thing = request.param(aws, unique, role)
    return made


def many(number: int) -> dict[str, str]:
    """That many tags."""
    return {f"k{each}": "v" for each in range(number)}


@pytest.mark.parametrize("key", ["aws:mine", "AWS:mine"])
def test_a_key_of_awss_own_is_refused(thing: Thing, key: str) -> None:
    assert refused(thing.create, tags={key: "v"})[:2] == thing.reserved
    thing.create({})
    assert refused(thing.tag, tags={"fine": "v", key: "v"})[:2] == thing.reserved
    assert thing.count() == 0


def test_a_key_may_have_aws_elsewhere(thing: Thing) -> None:
    thing.create({"aws": "v", "for-aws:mine": "v"})
    assert thing.count() == 2


def test_a_thing_has_fifty_tags_at_most(thing: Thing) -> None:
    assert refused(thing.create, tags=many(51))[:2] == thing.too_many_at_once
    thing.create(many(50))
    thing.tag({"k1": "another value of a key that is there"})
    assert refused(thing.tag, tags={"one-more": "v"})[:2] == thing.too_many
    assert thing.count() == 50


@pytest.mark.parametrize(
    "place", ["eu-west-1:{0}:{1}", "us-east-1:210987654321:{1}", "us-east-1:{0}:other/{1}", "{1}"]
)
def test_what_is_elsewhere_is_not_taken_for_what_is_here(aws: Clients, unique: str, place: str) -> None:
    """The words of DynamoDB's refusal are those that users report for the ARN of an index."""
    table, group = Table(aws, unique, ""), Group(aws, unique, "")
    table.create({})
    group.create({})
    aws("scheduler").create_schedule_group(Name=unique)
    arns = {
        service: f"arn:aws:{service}:{place.format(ACCOUNT, f'{kind}{unique}')}"
        for service, kind in (
            ("dynamodb", "table/"),
            ("logs", "log-group:"),
            ("scheduler", "schedule-group/"),
        )
    }
    assert refused(table.client.tag_resource, ResourceArn=arns["dynamodb"], Tags=pairs({"a": "b"})) == (
        400,
        "ValidationException",
        f"Invalid TableArn: Invalid ResourceArn provided as input {arns['dynamodb']}",
    )
    gone = "ResourceNotFoundException"
    assert refused(group.client.tag_resource, resourceArn=arns["logs"], tags={"a": "b"})[1] == gone
    code = refused(aws("scheduler").tag_resource, ResourceArn=arns["scheduler"], Tags=pairs({"a": "b"}))[1]
    assert code in (gone, "ValidationException")  # which is the model's, for what has not the form


@pytest.mark.parametrize("service", ["events", "scheduler"])
def test_a_rule_and_a_schedule_group_have_fifty_tags_at_most(aws: Clients, unique: str, service: str) -> None:
    client, tags = aws(service), pairs({f"k{number}": "v" for number in range(50)})
    if service == "events":
        pattern = '{"source": ["a"]}'
        named = {"ResourceARN": client.put_rule(Name=unique, EventPattern=pattern, Tags=tags)["RuleArn"]}
    else:
        named = {"ResourceArn": client.create_schedule_group(Name=unique, Tags=tags)["ScheduleGroupArn"]}
    client.tag_resource(**named, Tags=pairs({"k1": "w"}))
    more = refused(client.tag_resource, **named, Tags=pairs({"more": "v"}))
    assert more == (400, "ValidationException", "Number of tags exceeds resource tag limit.")


def test_a_tag_replaces_one_with_the_same_key(aws: Clients, table: str) -> None:
    arn, client = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}", aws("dynamodb")
    for value in ("1", "2"):
        client.tag_resource(ResourceArn=arn, Tags=pairs({"a": value}))
    assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == pairs({"a": "2"})
    aws("resourcegroupstaggingapi").tag_resources(ResourceARNList=[arn], Tags={"a": "3", "b": "4"})
    assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == pairs({"a": "3", "b": "4"})


@pytest.mark.parametrize(
    "missing", ["dynamodb:{}:table/none", "logs:{}:log-group:none", "lambda:{}:function:none"]
)
def test_where_one_resource_cannot_be_tagged_the_others_are(aws: Clients, table: str, missing: str) -> None:
    """Resource Groups Tagging API reference, FailureInfo; the words are not AWS's."""
    tagging, there = aws("resourcegroupstaggingapi"), f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    none = f"arn:aws:{missing.format(f'{REGION}:{ACCOUNT}')}"
    told = {
        "StatusCode": 400,
        "ErrorCode": "InvalidParameterException",
        "ErrorMessage": f"The resource {none} does not exist",
    }
    made = tagging.tag_resources(ResourceARNList=[none, there], Tags={table: "v"})
    assert made["FailedResourcesMap"] == {none: told}
    found = tagging.get_resources(TagFilters=[{"Key": table}])["ResourceTagMappingList"]
    assert [each["ResourceARN"] for each in found] == [there]
    assert tagging.untag_resources(ResourceARNList=[none, there], TagKeys=[table])["FailedResourcesMap"] == {
        none: told
    }
    assert tagging.get_resources(TagFilters=[{"Key": table}])["ResourceTagMappingList"] == []


def test_the_tagging_api_gives_no_resource_more_than_fifty_tags(aws: Clients, unique: str) -> None:
    group = Group(aws, unique, "")
    group.create({f"k{number}": "v" for number in range(50)})
    tagging, told = aws("resourcegroupstaggingapi"), "Number of tags exceeds resource tag limit."
    failed = tagging.tag_resources(ResourceARNList=[group.arn], Tags={"more": "v"})["FailedResourcesMap"]
    assert {arn: failure["ErrorMessage"] for arn, failure in failed.items()} == {group.arn: told}
    assert tagging.tag_resources(ResourceARNList=[group.arn], Tags={"k1": "w"})["FailedResourcesMap"] == {}
    assert group.count() == 50


def test_what_the_tagging_calls_refuse(aws: Clients, table: str) -> None:
    tagging, arns = aws("resourcegroupstaggingapi"), ["arn:aws:s3:::bucket"]
    status, code, message = refused(tagging.tag_resources, ResourceARNList=arns, Tags={"a": "b"})
    assert (status, code, "arn:aws:s3:::bucket in TagResources" in message) == (501, "NotImplemented", True)
    reserved = {"ResourceARNList": arns, "Tags": {"aws:mine": "v"}}
    assert refused(tagging.tag_resources, **reserved)[:2] == (400, "InvalidParameterException")
    both = {"ResourceARNList": arns, "TagFilters": [{"Key": "a"}]}
    assert refused(tagging.get_resources, **both)[:2] == (400, "InvalidParameterException")


def test_a_key_of_many_resources_is_told_once(aws: Clients, unique: str) -> None:
    for number in "12":
        create_table(aws("dynamodb"), f"{unique}-{number}", Tags=pairs({unique: "v"}))
    tagging = aws("resourcegroupstaggingapi")
    assert tagging.get_tag_keys()["TagKeys"].count(unique) == 1
    assert tagging.get_tag_values(Key=unique)["TagValues"] == ["v"]
