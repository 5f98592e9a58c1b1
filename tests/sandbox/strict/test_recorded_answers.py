"""What was recorded on AWS: which members an answer has, and the form of what is refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.sandbox.control import BareApi, Clients, create_function, refused


def _members(answer: dict[str, Any]) -> set[str]:
    return set(answer) - {"ResponseMetadata"}


# --- API Gateway leaves out what is empty ---


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    made = BareApi(aws("apigateway"), unique)
    made.integrate()
    return made


def test_an_api_has_no_empty_members_but_its_tags_later(aws: Clients, unique: str) -> None:
    made = aws("apigateway").create_rest_api(name=unique)
    found = aws("apigateway").get_rest_api(restApiId=made["id"])
    assert not {"binaryMediaTypes", "tags"} & _members(made)
    assert (found["tags"], "binaryMediaTypes" in found) == ({}, False)


def test_a_method_has_no_empty_members(api: BareApi) -> None:
    api.client.put_method_response(**api.method, statusCode="200")
    put = api.client.put_integration_response(**api.method, statusCode="200", selectionPattern="")
    assert (put["selectionPattern"], "responseTemplates" in put) == ("", False)
    found = api.client.get_method(**api.method)
    assert not {"requestModels", "requestParameters"} & _members(found)
    assert set(found["methodIntegration"]["integrationResponses"]["200"]) == {"statusCode"}


def test_templates_of_a_response_are_told_as_they_were_put(api: BareApi) -> None:
    """Recorded: test_put_integration_responses."""
    where = {**api.method, "statusCode": "200"}
    api.client.put_method_response(**where)
    assert api.client.put_integration_response(**where, responseTemplates={})["responseTemplates"] == {}
    assert api.client.get_integration_response(**where)["responseTemplates"] == {}
    api.client.delete_integration_response(**where)
    assert "integrationResponses" not in api.client.get_method(**api.method)["methodIntegration"]
    api.client.put_integration_response(**where)
    assert "responseTemplates" not in api.client.get_integration_response(**where)
    pattern = [{"op": "replace", "path": "/selectionPattern", "value": "x"}]
    assert "responseTemplates" not in api.client.update_integration_response(**where, patchOperations=pattern)


def test_a_selection_pattern_stays_as_it_was_said(api: BareApi) -> None:
    where = {**api.method, "statusCode": "200"}
    api.client.put_method_response(**where)
    api.client.put_integration_response(**where, selectionPattern="")
    assert api.client.get_integration_response(**where)["selectionPattern"] == ""


def test_an_authorizer_has_the_time_to_live_that_was_said(api: BareApi) -> None:
    pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x"
    for name, said, expected in (("x", {}, None), ("y", {"authorizerResultTtlInSeconds": 0}, 0)):
        made = api.client.create_authorizer(
            restApiId=api.id, name=name, type="COGNITO_USER_POOLS", providerARNs=[pool], **said
        )
        assert made.get("authorizerResultTtlInSeconds") == expected


def test_members_that_are_not_empty_stay(api: BareApi) -> None:
    api.client.put_method_response(**api.method, statusCode="200")
    templates = {"application/json": "{}"}
    api.client.put_integration_response(**api.method, statusCode="200", responseTemplates=templates)
    found = api.client.get_method(**api.method)
    assert found["methodIntegration"]["integrationResponses"]["200"]["responseTemplates"] == templates
    assert set(found["methodResponses"]) == {"200"}


def test_a_stage_tells_when_it_was_made_and_changed(api: BareApi) -> None:
    api.client.put_method_response(**api.method, statusCode="200")
    api.client.put_integration_response(**api.method, statusCode="200")
    api.client.create_deployment(restApiId=api.id, stageName="prod")
    where = {"restApiId": api.id, "stageName": "prod"}
    made = api.client.get_stage(**where)
    assert not {"description", "variables"} & _members(made)
    patches = [{"op": "replace", "path": "/description", "value": "x"}]
    changed = api.client.update_stage(**where, patchOperations=patches)
    assert changed["createdDate"] == made["createdDate"] <= changed["lastUpdatedDate"]


def test_a_gateway_response_is_created(api: BareApi) -> None:
    put = api.client.put_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX", statusCode="418")
    assert put["ResponseMetadata"]["HTTPStatusCode"] == 201


# --- Lambda ---


@pytest.mark.parametrize(
    "call", ["get_function", "delete_function", "get_policy", "list_versions_by_function"]
)
def test_every_refusal_of_lambda_has_its_type_and_message(aws: Clients, call: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws("lambda"), call)(FunctionName="none")
    said: Any = caught.value.response
    assert (said["Type"], said["Message"]) == ("User", said["Error"]["Message"])


def test_the_unpublished_version_cannot_be_deleted(aws: Clients, function: str) -> None:
    found = refused(aws("lambda").delete_function, FunctionName=function, Qualifier="$LATEST")
    message = "$LATEST version cannot be deleted without deleting the function."
    assert found == (400, "InvalidParameterValueException", message)


def test_an_environment_without_variables_is_shown_once_it_was_given(
    aws: Clients, unique: str, function: str, role: str
) -> None:
    client = aws("lambda")
    create_function(client, f"{unique}x", role, Environment={"Variables": {}})
    assert client.get_function_configuration(FunctionName=f"{unique}x")["Environment"] == {"Variables": {}}
    assert "Environment" not in client.get_function_configuration(FunctionName=function)


def test_a_version_and_its_function_have_revisions_of_their_own(aws: Clients, unique: str, role: str) -> None:
    client = aws("lambda")
    made = create_function(client, unique, role, Publish=True)
    version = client.get_function_configuration(FunctionName=unique, Qualifier="1")
    latest = client.get_function_configuration(FunctionName=unique)
    assert len({made["RevisionId"], version["RevisionId"], latest["RevisionId"]}) == 3
    assert client.publish_version(FunctionName=unique)["RevisionId"] == version["RevisionId"]


def test_the_first_version_gives_the_function_another_revision(aws: Clients, function: str) -> None:
    client = aws("lambda")
    before = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.publish_version(FunctionName=function)
    assert client.get_function_configuration(FunctionName=function)["RevisionId"] != before


def test_other_tags_give_a_function_another_revision(aws: Clients, function: str) -> None:
    client = aws("lambda")
    arn = client.get_function_configuration(FunctionName=function)["FunctionArn"]
    seen = set()
    for change in (
        lambda: None,
        lambda: client.tag_resource(Resource=arn, Tags={"k": "v"}),
        lambda: client.untag_resource(Resource=arn, TagKeys=["k"]),
    ):
        change()
        seen.add(client.get_function_configuration(FunctionName=function)["RevisionId"])
    assert len(seen) == 3
    found = refused(client.list_tags, Resource=f"{arn}:alias")
    assert found[1:] == (
        "InvalidParameterValueException",
        "Tags on function aliases and versions are not supported. Please specify a function ARN.",
    )


# --- DynamoDB ---


@pytest.fixture
def table(aws: Clients, unique: str) -> str:
    aws("dynamodb").create_table(
        TableName=unique,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    return unique


def test_a_table_has_an_id_and_no_members_for_what_it_lacks(aws: Clients, table: str) -> None:
    found = aws("dynamodb").describe_table(TableName=table)["Table"]
    again = aws("dynamodb").describe_table(TableName=table)["Table"]
    assert found["TableId"] == again["TableId"]
    lacking = {"BillingModeSummary", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"}
    assert not lacking & set(found)


def test_only_who_asks_is_told_what_a_batch_consumed(aws: Clients, table: str) -> None:
    client, put = aws("dynamodb"), {"PutRequest": {"Item": {"Id": {"S": "1"}}}}
    assert _members(client.batch_write_item(RequestItems={table: [put]})) == {"UnprocessedItems"}
    asked = client.batch_write_item(RequestItems={table: [put]}, ReturnConsumedCapacity="TOTAL")
    assert asked["ConsumedCapacity"][0]["TableName"] == table
    keys = {"Keys": [{"Id": {"S": "1"}}]}
    found = client.batch_get_item(RequestItems={table: keys})
    assert _members(found) == {"Responses", "UnprocessedKeys"}
    item = {"Put": {"TableName": table, "Item": {"Id": {"S": "2"}}}}
    assert _members(client.transact_write_items(TransactItems=[item])) == set()


# --- CloudWatch Logs ---


def test_an_answer_has_the_type_of_its_protocol(aws: Clients, unique: str) -> None:
    aws("logs").create_log_group(logGroupName=unique)
    for answer in (aws("logs").describe_log_groups(), aws("logs").filter_log_events(logGroupName=unique)):
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        assert headers["content-type"] == "application/x-amz-json-1.1"


def test_a_log_group_has_its_class(aws: Clients, unique: str) -> None:
    aws("logs").create_log_group(logGroupName=unique)
    [group] = aws("logs").describe_log_groups(logGroupNamePrefix=unique)["logGroups"]
    assert group["logGroupClass"] == "STANDARD"


@pytest.mark.parametrize(
    ("call", "asked", "expected"),
    [
        (
            "describe_log_groups",
            {"logGroupNamePrefix": "a", "logGroupNamePattern": "a"},
            (
                "InvalidParameterException",
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ),
        ),
        (
            "describe_log_streams",
            {"logGroupName": "a", "logGroupIdentifier": "a"},
            ("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters."),
        ),
    ],
)
def test_of_two_ways_to_choose_one_is_taken(
    aws: Clients, call: str, asked: dict[str, str], expected: tuple[str, str]
) -> None:
    assert refused(getattr(aws("logs"), call), **asked) == (400, *expected)
