"""Function URLs, created and called as a client does. Answers are AWS's, as recorded."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    Clients,
    create_function,
    keys_bound_to,
    package,
    policy,
    refused,
)
from tests.kit.sandbox.live_api import Answer, send

FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


def open_to_all(client: Any, function: str, **more: str) -> Any:
    return client.add_permission(
        FunctionName=function,
        StatementId="urlPermission",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
        **more,
    )


def call(sandbox: Sandbox, url: str, verb: str = "GET", rest: str = "", **more: Any) -> Answer:
    assert url.startswith(f"{sandbox.https_url}/")
    return send(sandbox, verb, urlsplit(url).path + rest, https=True, **more)


def test_a_url_is_created_described_and_deleted(lambda_: Any, function: str) -> None:
    made = lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert "InvokeMode" not in made
    assert made["FunctionArn"].endswith(f":function:{function}")
    got = lambda_.get_function_url_config(FunctionName=function)
    assert (got["FunctionUrl"], got["InvokeMode"]) == (made["FunctionUrl"], "BUFFERED")
    status, code, message = refused(
        lambda_.create_function_url_config, FunctionName=function, AuthType="NONE"
    )
    assert (status, code) == (409, "ResourceConflictException")
    assert message.endswith(". Error message:  FunctionUrlConfig exists for this Lambda function")
    assert len(lambda_.list_function_url_configs(FunctionName=function)["FunctionUrlConfigs"]) == 1
    lambda_.delete_function_url_config(FunctionName=function)
    assert refused(lambda_.get_function_url_config, FunctionName=function) == (
        404,
        "ResourceNotFoundException",
        "The resource you requested does not exist.",
    )


def test_a_url_belongs_to_a_function_or_an_alias(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    version = refused(
        lambda_.create_function_url_config, FunctionName=function, Qualifier="1", AuthType="NONE"
    )
    assert version[:2] == (400, "ValidationException")
    missing = refused(lambda_.create_function_url_config, FunctionName="none", AuthType="NONE")
    assert missing == (404, "ResourceNotFoundException", "Function does not exist")


def signed(url: str, keys: dict[str, str], body: bytes = b"") -> dict[str, str]:
    """The headers of a POST to the URL, signed by these keys."""
    request = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json"})
    credentials = Credentials(keys["key"], keys["secret"])
    SigV4Auth(credentials, "lambda", REGION).add_auth(request)
    return dict(request.headers)


class TestSignatures:
    @pytest.fixture
    def url(self, lambda_: Any, function: str) -> str:
        made = lambda_.create_function_url_config(FunctionName=function, AuthType="AWS_IAM")
        assert made["AuthType"] == "AWS_IAM"
        return str(made["FunctionUrl"])

    def test_who_may_not_call_is_refused(
        self, sandbox: Sandbox, aws: Clients, lambda_: Any, unique: str, function: str, url: str
    ) -> None:
        open_to_all(lambda_, function)
        unsigned = call(sandbox, url, "POST")
        assert (unsigned.status, unsigned.json) == (403, {"Message": FORBIDDEN})
        keys = keys_bound_to(aws("iam"), unique, policy("lambda:InvokeFunction"))
        answer = call(sandbox, url, "POST", headers=signed(url, keys))
        assert (answer.status, answer.json) == (403, {"Message": FORBIDDEN})
        wrong = signed(url, {**keys, "secret": "another"})
        answer = call(sandbox, url, "POST", headers=wrong)
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, "InvalidSignatureException")

    def test_the_handler_is_told_who_has_signed(
        self, sandbox: Sandbox, aws: Clients, unique: str, url: str
    ) -> None:
        keys = keys_bound_to(aws("iam"), unique, policy("lambda:InvokeFunctionUrl"))
        answer = call(sandbox, url, "POST", headers=signed(url, keys, b"{}"), body=b"{}")
        assert answer.status == 200
        context = answer.json["requestContext"]
        assert context["accountId"] == ACCOUNT
        caller = context["authorizer"]["iam"]
        assert (caller["accessKey"], caller["userArn"]) == (
            keys["key"],
            f"arn:aws:iam::{ACCOUNT}:user/{unique}",
        )

    def test_the_functions_policy_may_allow_a_caller_and_the_callers_own_may_deny(
        self, sandbox: Sandbox, aws: Clients, lambda_: Any, unique: str, function: str, url: str
    ) -> None:
        iam = aws("iam")
        keys = keys_bound_to(iam, unique, policy("lambda:List*"))
        lambda_.add_permission(
            FunctionName=function,
            StatementId="signed",
            Action="lambda:InvokeFunctionUrl",
            Principal=f"arn:aws:iam::{ACCOUNT}:user/{unique}",
            FunctionUrlAuthType="AWS_IAM",
        )
        assert call(sandbox, url, "POST", headers=signed(url, keys)).status == 200
        denied = policy("lambda:InvokeFunctionUrl", effect="Deny")
        iam.put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=denied)
        assert call(sandbox, url, "POST", headers=signed(url, keys)).status == 403

    def test_an_update_opens_the_url_and_closes_it(
        self, sandbox: Sandbox, lambda_: Any, function: str, url: str
    ) -> None:
        open_to_all(lambda_, function)
        for kind, status in (("NONE", 200), ("AWS_IAM", 403)):
            lambda_.update_function_url_config(FunctionName=function, AuthType=kind)
            assert call(sandbox, url).status == status


def test_nobody_may_call_a_url_without_a_permission(sandbox: Sandbox, lambda_: Any, function: str) -> None:
    url = lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")["FunctionUrl"]
    answer = call(sandbox, url)
    assert (answer.status, answer.json) == (403, {"Message": FORBIDDEN})
    assert answer.headers["x-amzn-errortype"] == "AccessDeniedException"
    statement = json.loads(open_to_all(lambda_, function)["Statement"])
    assert statement["Principal"] == "*"
    assert statement["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    assert call(sandbox, url).status == 200


def test_the_event_has_payload_format_2_0(sandbox: Sandbox, lambda_: Any, function: str) -> None:
    url = lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")["FunctionUrl"]
    open_to_all(lambda_, function)
    headers = {"Content-Type": "application/json", "Cookie": "a=1; b=2", "X-Own": "x"}
    event = call(sandbox, url, "POST", "one/t%20wo?q=a&q=b&r=", body='{"foo": "bar"}', headers=headers).json
    assert (event["version"], event["routeKey"]) == ("2.0", "$default")
    assert (event["rawPath"], event["rawQueryString"]) == ("/one/t wo", "q=a&q=b&r=")
    assert event["queryStringParameters"] == {"q": "a,b", "r": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["headers"]["x-own"] == "x"
    assert (event["body"], event["isBase64Encoded"]) == ('{"foo": "bar"}', False)
    context = event["requestContext"]
    assert (context["accountId"], context["stage"]) == ("anonymous", "$default")
    assert context["http"]["method"] == "POST"
    assert context["apiId"] in url


def test_a_body_that_is_no_text_comes_as_base64(sandbox: Sandbox, lambda_: Any, function: str) -> None:
    url = lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")["FunctionUrl"]
    open_to_all(lambda_, function)
    event = call(sandbox, url, "POST", body=b"\x00\xff", headers={"Content-Type": "image/png"}).json
    assert (event["body"], event["isBase64Encoded"]) == ("AP8=", True)
    assert "body" not in call(sandbox, url).json


RESULTS = r"""
import base64
def handler(event, context):
    return {
        "dict": {"hello": "world"},
        "list": ["hello", 3, True],
        "string": "hello",
        "boolean": True,
        "http": {"statusCode": 201, "body": "body123", "headers": {"X-Own": "x"}, "cookies": ["a=1", "b=2"]},
        "json": {"statusCode": 200, "body": {"hello": "world"}},
        "binary": {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(b"\x00").decode()},
        "wrong": {"statusCode": "many"},
        "arrow": {"statusCode": 200, "headers": {"X-Own": "\u2192"}},
        "two": {"statusCode": 200, "headers": {"X-Own": "a\r\nX-Other: b"}},
        "cookie": {"statusCode": 200, "cookies": ["a=1\r\nX-Other: b"]},
        "error": 1 / (0 if event["rawPath"] == "/error" else 1),
    }[event["rawPath"][1:]]
"""


@pytest.fixture
def results(aws: Clients, unique: str, role: str) -> str:
    """The URL of a function that gives many kinds of results, by path."""
    client = aws("lambda")
    create_function(client, unique, role, Code={"ZipFile": package(RESULTS)})
    open_to_all(client, unique)
    url: str = client.create_function_url_config(FunctionName=unique, AuthType="NONE")["FunctionUrl"]
    return url


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("dict", 200, b'{"hello": "world"}'),
        ("list", 200, b'["hello", 3, true]'),
        ("string", 200, b"hello"),
        ("boolean", 200, b"true"),
        ("http", 201, b"body123"),
        ("json", 200, b'{"hello": "world"}'),
        ("binary", 200, b"\x00"),
        ("wrong", 502, b"Internal Server Error"),
        ("arrow", 502, b"Internal Server Error"),
        ("two", 502, b"Internal Server Error"),
        ("cookie", 502, b"Internal Server Error"),
        ("error", 502, b"Internal Server Error"),
    ],
)
def test_a_result_becomes_the_response(
    sandbox: Sandbox, results: str, kind: str, status: int, body: bytes
) -> None:
    answer = call(sandbox, results, rest=kind)
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers["content-type"] == "application/json"
    if kind == "http":
        assert answer.headers["x-own"] == "x"


def test_an_aliass_url_runs_the_alias_and_needs_its_own_permission(
    sandbox: Sandbox, lambda_: Any, function: str
) -> None:
    lambda_.publish_version(FunctionName=function)
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    named = {"FunctionName": function, "Qualifier": "live"}
    url = lambda_.create_function_url_config(**named, AuthType="NONE")["FunctionUrl"]
    open_to_all(lambda_, function)
    assert call(sandbox, url).status == 403
    open_to_all(lambda_, function, Qualifier="live")
    assert call(sandbox, url).status == 200
    lambda_.delete_alias(FunctionName=function, Name="live")
    assert call(sandbox, url).status in (403, 404)
    assert lambda_.get_function_url_config(**named)["FunctionUrl"] == url


def test_an_unknown_url_is_404(sandbox: Sandbox) -> None:
    assert send(sandbox, "GET", "/_aws/lambda-url/0123456789abcdef/", https=True).status == 404
