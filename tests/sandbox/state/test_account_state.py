"""What the data plane sees of what the control plane has made."""

import io
import json
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, MockApi, package, readable, refused
from tests.kit.sandbox.live_api import post

GREETING = "def handler(event, context):\n    return {'hello': %r}\n"


@pytest.fixture
def mock(aws: Clients, unique: str) -> MockApi:
    api = MockApi(aws("apigateway"), unique)
    api.put_method()
    api.client.put_method_response(**api.method, statusCode="200")
    api.answer("one")
    return api


class TestStages:
    def test_only_what_was_deployed_is_served(self, sandbox: Sandbox, mock: MockApi) -> None:
        assert post(sandbox, mock.id)[0] == 403
        mock.deploy()
        assert post(sandbox, mock.id) == (200, "one")
        mock.answer("two")
        assert post(sandbox, mock.id) == (200, "one")
        mock.deploy()
        assert post(sandbox, mock.id) == (200, "two")

    def test_stages_are_served_side_by_side(self, sandbox: Sandbox, mock: MockApi) -> None:
        mock.deploy("prod")
        mock.answer("two")
        mock.deploy("test")
        assert post(sandbox, mock.id, "prod") == (200, "one")
        assert post(sandbox, mock.id, "test") == (200, "two")

    def test_a_stage_can_go_back_to_an_earlier_deployment(self, sandbox: Sandbox, mock: MockApi) -> None:
        first = mock.deploy()
        mock.answer("two")
        mock.deploy()
        back = [{"op": "replace", "path": "/deploymentId", "value": first}]
        mock.client.update_stage(restApiId=mock.id, stageName="prod", patchOperations=back)
        assert post(sandbox, mock.id) == (200, "one")

    def test_variables_and_throttles_act_without_a_deployment(self, sandbox: Sandbox, mock: MockApi) -> None:
        mock.answer("$stageVariables.colour")
        mock.deploy(variables={"colour": "red"})
        assert post(sandbox, mock.id) == (200, "red")
        blue = {"op": "replace", "path": "/variables/colour", "value": "blue"}
        mock.client.update_stage(restApiId=mock.id, stageName="prod", patchOperations=[blue])
        assert post(sandbox, mock.id) == (200, "blue")
        none = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"}
        burst = {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "0"}
        mock.client.update_stage(restApiId=mock.id, stageName="prod", patchOperations=[none, burst])
        assert post(sandbox, mock.id)[0] == 429

    def test_a_deleted_stage_or_api_is_forbidden(self, sandbox: Sandbox, mock: MockApi) -> None:
        mock.deploy("prod")
        mock.deploy("test")
        mock.client.delete_stage(restApiId=mock.id, stageName="prod")
        assert post(sandbox, mock.id, "prod") == (403, '{"message":"Forbidden"}')
        mock.client.delete_rest_api(restApiId=mock.id)
        assert post(sandbox, mock.id, "test") == (403, '{"message":"Forbidden"}')

    @pytest.mark.parametrize("domain", ["localhost", "us-east-1.amazonaws.com", "us-east-1.localhost:8470"])
    def test_an_api_has_host_names_of_its_own(self, sandbox: Sandbox, mock: MockApi, domain: str) -> None:
        mock.deploy()
        assert post(sandbox, mock.id, host=f"{mock.id}.execute-api.{domain}") == (200, "one")

    def test_regions_are_apart_but_any_api_is_served(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        api = MockApi(aws("apigateway", region="eu-west-1"), unique)
        api.put_method()
        api.client.put_method_response(**api.method, statusCode="200")
        api.answer("far")
        api.deploy()
        assert api.id not in {item["id"] for item in aws("apigateway").get_rest_apis(limit=500)["items"]}
        assert post(sandbox, api.id) == (200, "far")


class TestFunctions:
    def test_new_code_is_run_at_once(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        for name in ("Alice", "Bob"):
            client.update_function_code(FunctionName=function, ZipFile=package(GREETING % name))
            assert invoked(client, function) == {"hello": name}

    def test_a_qualifier_runs_the_version_published(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.update_function_code(FunctionName=function, ZipFile=package(GREETING % "old"))
        version = client.publish_version(FunctionName=function)["Version"]
        client.update_function_code(FunctionName=function, ZipFile=package(GREETING % "new"))
        assert invoked(client, function, Qualifier=version) == {"hello": "old"}
        assert invoked(client, function) == {"hello": "new"}

    def test_an_alias_runs_the_version_it_points_to(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.update_function_code(FunctionName=function, ZipFile=package(GREETING % "old"))
        old = client.publish_version(FunctionName=function)["Version"]
        client.update_function_code(FunctionName=function, ZipFile=package(GREETING % "new"))
        new = client.publish_version(FunctionName=function)["Version"]
        client.create_alias(FunctionName=function, Name="live", FunctionVersion=old)
        assert invoked(client, function, Qualifier="live") == {"hello": "old"}
        client.update_alias(FunctionName=function, Name="live", FunctionVersion=new)
        assert invoked(client, f"{function}:live") == {"hello": "new"}

    def test_a_function_made_again_is_another_one(self, aws: Clients, function: str, role: str) -> None:
        client = aws("lambda")
        configuration = {"Role": role, "Runtime": "python3.13", "Handler": "main.handler"}
        for name in ("Alice", "Bob"):
            client.delete_function(FunctionName=function)
            client.create_function(
                FunctionName=function, Code={"ZipFile": package(GREETING % name)}, **configuration
            )
            assert invoked(client, function) == {"hello": name}

    def test_reserved_concurrency_binds_every_version(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        version = client.publish_version(FunctionName=function)["Version"]
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        throttled = (429, "TooManyRequestsException", "Rate Exceeded.")
        assert refused(client.invoke, FunctionName=function) == throttled
        assert refused(client.invoke, FunctionName=function, Qualifier=version) == throttled
        assert client.get_function(FunctionName=function)["Concurrency"] == {
            "ReservedConcurrentExecutions": 0
        }
        client.delete_function_concurrency(FunctionName=function)
        assert invoked(client, function, Qualifier=version) == {}

    def test_a_package_cannot_write_outside_its_folder(
        self, aws: Clients, sandbox: Sandbox, function: str
    ) -> None:
        name = f"escaped-{uuid.uuid4().hex}"
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(f"../../{name}", "x")
            archive.writestr(readable("main.py"), GREETING % "safe")
        aws("lambda").update_function_code(FunctionName=function, ZipFile=content.getvalue())
        assert invoked(aws("lambda"), function) == {"hello": "safe"}
        found = list(Path(sandbox.ca_bundle).parent.rglob(name))
        assert all("code" in path.parts for path in found)


def test_the_log_group_comes_back_with_the_next_invocation(aws: Clients, function: str) -> None:
    client, logs, group = aws("lambda"), aws("logs"), f"/aws/lambda/{function}"
    invoked(client, function)
    assert logs.filter_log_events(logGroupName=group)["events"]
    logs.delete_log_group(logGroupName=group)
    invoked(client, function)
    assert logs.filter_log_events(logGroupName=group)["events"]


def test_every_invocation_is_logged_once_and_in_its_order(aws: Clients, function: str) -> None:
    client, logs = aws("lambda"), aws("logs")
    ids = []
    for number in range(1, 81):
        ids.append(client.invoke(FunctionName=function)["ResponseMetadata"]["RequestId"])
        if number % 20 == 0:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
            lines = [event["message"].split() for page in pages for event in page["events"]]
            for kind in ("START", "END", "REPORT"):
                assert [words[2] for words in lines if words[0] == kind] == ids


def invoked(client: Any, function: str, **more: str) -> Any:
    return json.loads(client.invoke(FunctionName=function, Payload=b"{}", **more)["Payload"].read())


def test_arns_name_functions_too(aws: Clients, function: str) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    assert invoked(aws("lambda"), arn) == {}
    assert invoked(aws("lambda"), f"{ACCOUNT}:function:{function}") == {}


def _time_to_list(client: Any) -> float:
    began = time.perf_counter()
    for _ in range(5):
        client.list_functions(FunctionVersion="ALL")
    return time.perf_counter() - began


def test_to_list_functions_takes_no_longer_for_what_was_logged(
    aws: Clients, unique: str, function: str
) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName=unique)
    logs.create_log_stream(logGroupName=unique, logStreamName=unique)
    before = _time_to_list(aws("lambda"))
    now = time.time_ns() // 1_000_000
    for _ in range(3):
        events = [{"timestamp": now, "message": "x"}] * 10_000
        logs.put_log_events(logGroupName=unique, logStreamName=unique, logEvents=events)
    assert _time_to_list(aws("lambda")) < 10 * before
    logs.delete_log_group(logGroupName=unique)
