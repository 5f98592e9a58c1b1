"""What API Gateway refuses, the sandbox refuses with the same code and message."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, URI, BareApi, Clients, refused

NO_FUNCTION = (
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose "
    "stream invocations."
)


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


def not_found(message: str) -> tuple[int, str, str]:
    return 404, "NotFoundException", message


def bad_request(message: str) -> tuple[int, str, str]:
    return 400, "BadRequestException", message


def conflict(message: str) -> tuple[int, str, str]:
    return 409, "ConflictException", message


class TestMissing:
    @pytest.mark.parametrize(
        "call", ["get_rest_api", "delete_rest_api", "get_resources", "create_deployment", "get_stages"]
    )
    def test_an_api(self, aws: Clients, call: str) -> None:
        expected = not_found(f"Invalid API identifier specified {ACCOUNT}:none")
        assert refused(getattr(aws("apigateway"), call), restApiId="none") == expected

    def test_an_api_that_was_deleted(self, api: BareApi) -> None:
        api.client.delete_rest_api(restApiId=api.id)
        expected = not_found(f"Invalid API identifier specified {ACCOUNT}:{api.id}")
        assert refused(api.client.delete_rest_api, restApiId=api.id) == expected
        assert api.id not in {item["id"] for item in api.client.get_rest_apis(limit=500)["items"]}

    def test_a_resource(self, api: BareApi) -> None:
        expected = not_found("Invalid Resource identifier specified")
        assert refused(api.client.get_resource, restApiId=api.id, resourceId="none") == expected
        assert (
            refused(api.client.create_resource, restApiId=api.id, parentId="none", pathPart="x") == expected
        )

    def test_a_method_an_integration_and_their_responses(self, api: BareApi) -> None:
        client = api.client
        assert refused(client.get_method, **api.method) == not_found("Invalid Method identifier specified")
        assert refused(client.put_integration, **api.method, type="MOCK") == not_found(
            "Invalid Method identifier specified"
        )
        api.put_method()
        assert refused(client.get_integration, **api.method) == not_found(
            "Invalid Integration identifier specified"
        )
        assert refused(client.get_method_response, **api.method, statusCode="200") == not_found(
            "Invalid Response status code specified"
        )

    def test_a_stage_and_a_deployment(self, api: BareApi) -> None:
        client = api.client
        stage, deployment = (
            not_found("Invalid Stage identifier specified"),
            not_found("Invalid Deployment identifier specified"),
        )
        assert refused(client.get_stage, restApiId=api.id, stageName="none") == stage
        assert refused(client.delete_stage, restApiId=api.id, stageName="none") == stage
        assert refused(client.get_deployment, restApiId=api.id, deploymentId="none") == deployment
        assert refused(client.delete_deployment, restApiId=api.id, deploymentId="none") == deployment

    def test_a_usage_plan_and_a_key(self, aws: Clients) -> None:
        client = aws("apigateway")
        plan, key = (
            not_found("Invalid Usage Plan ID specified"),
            not_found("Invalid API Key identifier specified"),
        )
        assert refused(client.delete_usage_plan, usagePlanId="none") == plan
        assert refused(client.get_usage_plan, usagePlanId="none") == plan
        assert refused(client.delete_api_key, apiKey="none") == key


class TestDuplicates:
    def test_a_resource(self, api: BareApi) -> None:
        arguments = {"restApiId": api.id, "parentId": api.root, "pathPart": "DynamoDBManager"}
        assert refused(api.client.create_resource, **arguments) == conflict(
            "Another resource with the same parent already has this name: DynamoDBManager"
        )
        paths = [item["path"] for item in api.client.get_resources(restApiId=api.id)["items"]]
        assert sorted(paths) == ["/", "/DynamoDBManager"]

    def test_a_variable_path_part(self, api: BareApi) -> None:
        api.add("{proxy+}")
        arguments = {"restApiId": api.id, "parentId": api.root, "pathPart": "{id}"}
        assert refused(api.client.create_resource, **arguments) == bad_request(
            "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed"
        )

    def test_a_method(self, api: BareApi) -> None:
        api.put_method()
        assert refused(api.client.put_method, **api.method, authorizationType="NONE") == conflict(
            "Method already exists for this resource"
        )

    def test_a_method_response(self, api: BareApi) -> None:
        api.put_method()
        api.client.put_method_response(**api.method, statusCode="200")
        assert refused(api.client.put_method_response, **api.method, statusCode="200") == conflict(
            "Response already exists for this resource"
        )

    def test_a_second_default_integration_response(self, api: BareApi) -> None:
        api.integrate()
        for status in ("200", "400"):
            api.client.put_method_response(**api.method, statusCode=status)
        api.client.put_integration_response(**api.method, statusCode="200")
        assert refused(api.client.put_integration_response, **api.method, statusCode="400") == conflict(
            "Integration response with selection pattern default already exists"
        )
        api.client.put_integration_response(**api.method, statusCode="200")

    def test_a_stage(self, api: BareApi) -> None:
        api.integrate()
        deployment = api.deploy()
        arguments = {"restApiId": api.id, "stageName": "prod", "deploymentId": deployment}
        assert refused(api.client.create_stage, **arguments) == conflict("Stage already exists")


class TestForm:
    def test_a_path_part(self, api: BareApi) -> None:
        arguments = {"restApiId": api.id, "parentId": api.root, "pathPart": "a b"}
        status, code, message = refused(api.client.create_resource, **arguments)
        assert (status, code) == (400, "BadRequestException")
        assert message.startswith("Resource's path part only allow a-zA-Z0-9._-:")

    def test_an_endpoint_type(self, aws: Clients) -> None:
        arguments = {"name": "x", "endpointConfiguration": {"types": ["wrong"]}}
        status, code, message = refused(aws("apigateway").create_rest_api, **arguments)
        assert (status, code) == (400, "ValidationException")
        assert message.startswith(
            "1 validation error detected: Value '[wrong]' at "
            "'createRestApiInput.endpointConfiguration.types' failed"
        )

    def test_version_and_binary_media_types_are_kept(self, aws: Clients, unique: str) -> None:
        members = {"version": "2.1", "binaryMediaTypes": ["image/png"]}
        made = aws("apigateway").create_rest_api(name=unique, **members)
        said = aws("apigateway").get_rest_api(restApiId=made["id"])
        assert {name: (made[name], said[name]) for name in members} == {
            name: (value, value) for name, value in members.items()
        }

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({}, {"types": ["EDGE"], "ipAddressType": "ipv4"}),
            ({"types": ["REGIONAL"]}, {"types": ["REGIONAL"], "ipAddressType": "ipv4"}),
            ({"types": ["PRIVATE"]}, {"types": ["PRIVATE"], "ipAddressType": "dualstack"}),
            ({"ipAddressType": "dualstack"}, {"types": ["EDGE"], "ipAddressType": "dualstack"}),
        ],
    )
    def test_what_was_not_said_of_an_api_is_as_aws_has_it(
        self, aws: Clients, unique: str, asked: dict[str, Any], expected: dict[str, Any]
    ) -> None:
        client = aws("apigateway")
        made = client.create_rest_api(name=unique, endpointConfiguration=asked)
        for said in (made, client.get_rest_api(restApiId=made["id"])):
            assert said["endpointConfiguration"] == expected
            assert "version" not in said
        client.delete_rest_api(restApiId=made["id"])

    @pytest.mark.parametrize("size", [-1, 10_485_761])
    def test_a_minimum_compression_size(self, aws: Clients, unique: str, size: int) -> None:
        client = aws("apigateway")
        assert refused(client.create_rest_api, name=unique, minimumCompressionSize=size) == bad_request(
            "Invalid minimum compression size, must be between 0 and 10485760"
        )

    @pytest.mark.parametrize("document", ["allow everybody", '["no", "object"]', "[" * 4000])
    def test_a_policy(self, api: BareApi, unique: str, document: str) -> None:
        expected = bad_request(
            "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
        )
        assert refused(api.client.create_rest_api, name=unique, policy=document) == expected
        patch = [{"op": "replace", "path": "/policy", "value": document}]
        assert refused(api.client.update_rest_api, restApiId=api.id, patchOperations=patch) == expected

    def test_a_verb(self, api: BareApi) -> None:
        assert refused(
            api.client.put_method, **{**api.method, "httpMethod": "FOO"}, authorizationType="NONE"
        ) == bad_request(
            "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"
        )

    def test_a_status_code(self, api: BareApi) -> None:
        api.put_method()
        assert refused(api.client.put_method_response, **api.method, statusCode="999") == (
            400,
            "ValidationException",
            (
                "1 validation error detected: Value '999' at 'statusCode' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [1-5]\\d\\d"
            ),
        )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"integrationHttpMethod": ""}, "Enumeration value for HttpMethod must be non-empty"),
            ({"uri": "nonsense"}, "Invalid ARN specified in the request"),
            (
                {"uri": f"arn:aws:apigateway:{REGION}:lambda:2015-03-31/functions/x"},
                "AWS ARN for integration must contain path or action",
            ),
            (
                {"uri": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:x"},
                "AWS ARN for integration must contain path or action",
            ),
            *(
                (
                    {"type": "AWS_PROXY", "uri": f"arn:aws:apigateway:{REGION}:{place}/x/invocations"},
                    NO_FUNCTION,
                )
                for place in ("firehose:path/2015-03-31/functions", "lambda:path/random/value")
            ),
            ({"timeoutInMillis": 30_000}, "Timeout should be between 50 ms and 29000 ms"),
        ],
    )
    def test_an_integration(self, api: BareApi, change: dict[str, Any], message: str) -> None:
        api.put_method()
        arguments = {**api.method, "type": "AWS", "integrationHttpMethod": "POST", "uri": URI, **change}
        assert refused(api.client.put_integration, **arguments) == bad_request(message)

    def test_an_integration_type(self, api: BareApi) -> None:
        api.put_method()
        _, code, message = refused(api.client.put_integration, **api.method, type="FOO")
        assert code == "ValidationException"
        assert message.startswith(
            "1 validation error detected: Value 'FOO' at 'putIntegrationInput.type' failed"
        )

    def test_an_integration_of_a_missing_function_is_taken(self, api: BareApi) -> None:
        api.integrate()
        made = api.client.get_integration(**api.method)
        assert (made["passthroughBehavior"], made["timeoutInMillis"]) == ("WHEN_NO_MATCH", 29_000)

    def test_an_integration_response_may_come_before_the_methods(self, api: BareApi) -> None:
        """Recorded on AWS in 2025 and 2026."""
        api.integrate()
        made = api.client.put_integration_response(**api.method, statusCode="200")
        assert made["ResponseMetadata"]["HTTPStatusCode"] == 201

    @pytest.mark.parametrize("written", ["none", "None", "NONE"])
    def test_an_authorization_type_in_any_case(self, api: BareApi, written: str) -> None:
        made = api.client.put_method(**api.method, authorizationType=written)
        assert made["authorizationType"] == "NONE"
        assert api.client.get_method(**api.method)["authorizationType"] == "NONE"

    def test_models_must_exist(self, api: BareApi) -> None:
        api.put_method()
        arguments = {**api.method, "statusCode": "200", "responseModels": {"application/json": "Nope"}}
        assert refused(api.client.put_method_response, **arguments) == bad_request(
            "Invalid model identifier specified: Nope"
        )


class TestListing:
    def test_methods_are_told_with_their_resource_only_if_asked_for(self, api: BareApi) -> None:
        api.put_method()
        where = {"restApiId": api.id, "resourceId": api.resource}
        assert api.client.get_resource(**where)["resourceMethods"] == {"POST": {}}
        found = api.client.get_resource(**where, embed=["methods"])["resourceMethods"]
        assert found["POST"]["authorizationType"] == "NONE"
        listed = {item["id"]: item for item in api.client.get_resources(restApiId=api.id)["items"]}
        assert listed[api.resource]["resourceMethods"] == {"POST": {}}
        assert "resourceMethods" not in listed[api.root]


class TestDeployments:
    def test_nothing_to_deploy(self, api: BareApi) -> None:
        assert refused(api.deploy) == bad_request("The REST API doesn't contain any methods")
        api.put_method()
        assert refused(api.deploy) == bad_request("No integration defined for method")

    def test_a_stage_name(self, api: BareApi) -> None:
        api.integrate()
        assert refused(api.deploy, stage="a b") == bad_request("Stage name only allows a-zA-Z0-9_")

    def test_a_deployment_in_use_stays(self, api: BareApi) -> None:
        api.integrate()
        first, arguments = api.deploy(), {"restApiId": api.id}
        assert refused(api.client.delete_deployment, **arguments, deploymentId=first) == bad_request(
            "Active stages pointing to this deployment must be moved or deleted"
        )
        api.deploy()
        api.client.delete_deployment(**arguments, deploymentId=first)
        assert first not in {item["id"] for item in api.client.get_deployments(**arguments)["items"]}

    def test_a_deployment_that_a_stage_was_given_later_stays(self, api: BareApi) -> None:
        api.integrate()
        where = {"restApiId": api.id}
        made: str = api.client.create_deployment(**where)["id"]
        api.client.create_stage(**where, stageName="late", deploymentId=made)
        assert refused(api.client.delete_deployment, **where, deploymentId=made) == bad_request(
            "Active stages pointing to this deployment must be moved or deleted"
        )
        api.client.delete_stage(**where, stageName="late")
        api.client.delete_deployment(**where, deploymentId=made)
        assert api.client.get_deployments(**where)["items"] == []

    def test_a_deployment_that_a_stage_was_moved_to_stays_and_the_other_may_go(self, api: BareApi) -> None:
        api.integrate()
        where = {"restApiId": api.id}
        first = api.deploy()
        second: str = api.client.create_deployment(**where)["id"]
        move = {"op": "replace", "path": "/deploymentId", "value": second}
        api.client.update_stage(**where, stageName="prod", patchOperations=[move])
        assert refused(api.client.delete_deployment, **where, deploymentId=second)[1] == "BadRequestException"
        api.client.delete_deployment(**where, deploymentId=first)
        assert [item["id"] for item in api.client.get_deployments(**where)["items"]] == [second]

    def test_a_new_deployment_keeps_the_stages_settings(self, api: BareApi) -> None:
        api.integrate()
        api.deploy(variables={"a": "1"})
        limit = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "5"}
        api.client.update_stage(restApiId=api.id, stageName="prod", patchOperations=[limit])
        second = api.deploy()
        stage = api.client.get_stage(restApiId=api.id, stageName="prod")
        assert (stage["deploymentId"], stage["variables"]) == (second, {"a": "1"})
        assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5


class TestUsagePlans:
    def test_a_plan_of_a_stage_that_is_not_there(self, aws: Clients, unique: str) -> None:
        stages = [{"apiId": "none", "stage": "prod"}]
        assert refused(aws("apigateway").create_usage_plan, name=unique, apiStages=stages) == not_found(
            f"Invalid API Stage {{api: none, stage: prod}} specified for usageplan {unique}"
        )

    def test_a_plan_with_stages_stays_until_the_stage_goes(self, api: BareApi, unique: str) -> None:
        api.integrate()
        api.deploy()
        plan = api.client.create_usage_plan(name=unique, apiStages=[{"apiId": api.id, "stage": "prod"}])["id"]
        assert refused(api.client.delete_usage_plan, usagePlanId=plan) == bad_request(
            f"Cannot delete Usage Plan {plan} because there are API Stages associated with it"
        )
        api.client.delete_stage(restApiId=api.id, stageName="prod")
        api.client.delete_usage_plan(usagePlanId=plan)
        assert plan not in {item["id"] for item in api.client.get_usage_plans(limit=500)["items"]}


class TestTags:
    def test_an_apis_tags_are_read_added_and_removed(self, api: BareApi, unique: str) -> None:
        arn = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}"
        api.client.tag_resource(resourceArn=arn, tags={"more": "1"})
        assert api.client.get_tags(resourceArn=arn)["tags"] == {"owner": unique, "more": "1"}
        api.client.untag_resource(resourceArn=arn, tagKeys=["more"])
        assert api.client.get_tags(resourceArn=arn)["tags"] == {"owner": unique}
        assert api.client.get_rest_api(restApiId=api.id)["tags"] == {"owner": unique}

    @pytest.mark.parametrize("types", [None, ["apigateway"], ["apigateway:restapis"]])
    def test_the_tagging_api_finds_apis_by_tag(
        self, aws: Clients, api: BareApi, unique: str, types: list[str] | None
    ) -> None:
        arn = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}"
        arguments: dict[str, Any] = {"TagFilters": [{"Key": "owner", "Values": [unique]}]}
        if types:
            arguments["ResourceTypeFilters"] = types
        tagging = aws("resourcegroupstaggingapi")
        found = tagging.get_resources(**arguments)["ResourceTagMappingList"]
        assert found == [{"ResourceARN": arn, "Tags": [{"Key": "owner", "Value": unique}]}]
        api.client.delete_rest_api(restApiId=api.id)
        assert tagging.get_resources(**arguments)["ResourceTagMappingList"] == []
