"""The tutorial done by hand, with the real ``aws`` command and curl, exactly as its page has it."""

import json
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.policies.documents import trust_policy, tutorial_policy
from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.program.support import Account, keys_of

ROOT = Path(__file__).parents[2]
ECHO = '{"operation":"echo","payload":{"somekey1":"somevalue1","somekey2":"somevalue2"}}'
CREATE = '{"operation":"create","tableName":"LambdaTable","payload":{"Item":{"Id":"1","name":"Bob"}}}'
READ = '{"operation":"read","tableName":"LambdaTable","payload":{"Key":{"Id":"1"}}}'


class Shell:
    """A learner's shell: the ``aws`` command pointed at the sandbox, and curl."""

    def __init__(self, aws: Path, account: Account, cwd: Path, region: str = "eu-central-1") -> None:
        self._aws, self._cwd = aws, cwd
        self._ca = account.sandbox.ca_bundle
        self._environment = os.environ | {
            "AWS_ENDPOINT_URL": account.sandbox.endpoint_url,
            **keys_of(account.sandbox),
            "AWS_DEFAULT_REGION": region,
        }

    def aws(self, *arguments: str) -> Any:
        """Run ``aws``; its answer as JSON, or None if it says nothing."""
        done = self._run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def fails(self, *arguments: str) -> str:
        """Run ``aws`` where it must fail; what it says."""
        done = self._run(*arguments)
        assert done.returncode != 0
        return done.stderr

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._aws, *arguments],
            cwd=self._cwd,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def curl(self, url: str, body: str, *headers: str) -> tuple[int, Any]:
        """The tutorial's curl line: POST with no content type of its own."""
        line = ["curl", "-s", "--cacert", self._ca, "-X", "POST", "-d", body, "-w", "\n%{http_code}", url]
        line += [word for header in headers for word in ("-H", header)]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        text, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(text)


@pytest.fixture
def shell(loaded_aws: LoadedAws, account: Account, tmp_path: Path) -> Shell:
    with zipfile.ZipFile(tmp_path / "LambdaFunctionOverHttps.zip", "w") as package:
        package.write(ROOT / "function" / "LambdaFunctionOverHttps.py", "LambdaFunctionOverHttps.py")
    (tmp_path / "trust.json").write_text(json.dumps(trust_policy()))
    (tmp_path / "policy.json").write_text(json.dumps(tutorial_policy()))
    return Shell(loaded_aws.command, account, tmp_path)


def _role_and_function(shell: Shell) -> None:
    role = "lambda-gateway-execution-role"
    made = shell.aws(
        "iam", "create-role", "--role-name", role, "--assume-role-policy-document", "file://trust.json"
    )
    policy = ("--policy-name", "lambda-gateway-policy", "--policy-document", "file://policy.json")
    assert shell.aws("iam", "put-role-policy", "--role-name", role, *policy) is None
    function = shell.aws(
        *("lambda", "create-function", "--function-name", "LambdaFunctionOverHttps"),
        *("--zip-file", "fileb://LambdaFunctionOverHttps.zip", "--role", made["Role"]["Arn"]),
        *("--handler", "LambdaFunctionOverHttps.handler", "--runtime", "python3.14"),
    )
    assert function["Timeout"] == 3
    assert function["MemorySize"] == 128
    answer = shell.aws(
        *("lambda", "invoke", "--function-name", "LambdaFunctionOverHttps", "--payload", ECHO, "out.txt")
    )
    assert answer == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}


def _api(shell: Shell) -> tuple[str, str]:
    api = shell.aws("apigateway", "create-rest-api", "--name", "DynamoDBOperations")
    assert api["endpointConfiguration"]["types"] == ["EDGE"]
    resources = shell.aws("apigateway", "get-resources", "--rest-api-id", api["id"])
    (root,) = resources["items"]
    assert root["path"] == "/"
    where = ("--rest-api-id", api["id"])
    resource = shell.aws(
        "apigateway", "create-resource", *where, "--parent-id", root["id"], "--path-part", "DynamoDBManager"
    )
    assert resource["path"] == "/DynamoDBManager"
    return api["id"], resource["id"]


def _method(shell: Shell, api: str, resource: str) -> None:
    where = ("--rest-api-id", api, "--resource-id", resource, "--http-method", "POST")
    put = shell.aws("apigateway", "put-method", *where, "--authorization-type", "NONE")
    assert put["apiKeyRequired"] is False
    function = "arn:aws:lambda:eu-central-1:123456789012:function:LambdaFunctionOverHttps"
    uri = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{function}/invocations"
    integration = shell.aws(
        "apigateway",
        "put-integration",
        *where,
        "--type",
        "AWS",
        "--integration-http-method",
        "POST",
        "--uri",
        uri,
    )
    assert integration["passthroughBehavior"] == "WHEN_NO_MATCH"
    assert integration["timeoutInMillis"] == 29000
    empty = ("--status-code", "200", "--response-models", '{"application/json": "Empty"}')
    shell.aws("apigateway", "put-method-response", *where, *empty)
    through = ("--status-code", "200", "--response-templates", '{"application/json": ""}')
    shell.aws("apigateway", "put-integration-response", *where, *through)


def _permit(shell: Shell, statement: str, source: str) -> Mapping[str, Any]:
    answer = shell.aws(
        *("lambda", "add-permission", "--function-name", "LambdaFunctionOverHttps"),
        *("--statement-id", statement, "--action", "lambda:InvokeFunction"),
        *("--principal", "apigateway.amazonaws.com", "--source-arn", source),
    )
    added: dict[str, Any] = json.loads(answer["Statement"])
    return added


def test_the_classic_commands_give_the_documented_answers(shell: Shell, account: Account) -> None:
    _role_and_function(shell)
    api, resource = _api(shell)
    _method(shell, api, resource)
    deployment = shell.aws("apigateway", "create-deployment", "--rest-api-id", api, "--stage-name", "prod")
    assert set(deployment) >= {"id", "createdDate"}

    url = f"{account.sandbox.https_url}/_aws/execute-api/{api}/prod/DynamoDBManager"
    assert shell.curl(url, ECHO) == (500, {"message": "Internal server error"})
    arn = f"arn:aws:execute-api:eu-central-1:123456789012:{api}"
    allowed = _permit(shell, "apigateway-test-2", f"{arn}/*/POST/DynamoDBManager")
    assert allowed["Condition"] == {"ArnLike": {"AWS:SourceArn": f"{arn}/*/POST/DynamoDBManager"}}
    _permit(shell, "apigateway-prod-2", f"{arn}/prod/POST/DynamoDBManager")
    assert shell.curl(url, ECHO) == (200, {"somekey1": "somevalue1", "somekey2": "somevalue2"})
    assert shell.curl(url + "/x", ECHO) == (403, {"message": "Missing Authentication Token"})

    key = ("--key-schema", "AttributeName=Id,KeyType=HASH")
    attribute = ("--attribute-definitions", "AttributeName=Id,AttributeType=S")
    table = ("dynamodb", "create-table", "--table-name", "LambdaTable", "--billing-mode", "PAY_PER_REQUEST")
    shell.aws(*table, *key, *attribute)
    tested = shell.aws(
        *("apigateway", "test-invoke-method", "--rest-api-id", api, "--resource-id", resource),
        *("--http-method", "POST", "--path-with-query-string", "", "--body", CREATE),
    )
    assert tested["status"] == 200
    assert "Successfully completed execution" in tested["log"]
    assert shell.curl(url, READ) == (200, {"Item": {"Id": "1", "name": "Bob"}})
    scanned = shell.aws("dynamodb", "scan", "--table-name", "LambdaTable")
    assert scanned["Items"] == [{"Id": {"S": "1"}, "name": {"S": "Bob"}}]
    group = "/aws/lambda/LambdaFunctionOverHttps"
    events = shell.aws("logs", "filter-log-events", "--log-group-name", group)["events"]
    assert any(event["message"].startswith("START RequestId") for event in events)
    # Without a mapping of errors, an error is HTTP 200: the trap that our own step 3.4 closes.
    status, body = shell.curl(url, '{"operation":"fly"}')
    assert status == 200
    assert body["errorMessage"].startswith("[BadRequest]")

    _take_down(shell, api)


def _take_down(shell: Shell, api: str) -> None:
    function = ("--function-name", "LambdaFunctionOverHttps")
    role = ("--role-name", "lambda-gateway-execution-role")
    assert "DeleteConflict" in shell.fails("iam", "delete-role", *role)
    shell.aws("apigateway", "delete-rest-api", "--rest-api-id", api)
    assert "Invalid API identifier" in shell.fails("apigateway", "get-rest-api", "--rest-api-id", api)
    shell.aws("lambda", "delete-function", *function)
    assert "ResourceNotFoundException" in shell.fails("lambda", "get-function", *function)
    shell.aws("iam", "delete-role-policy", *role, "--policy-name", "lambda-gateway-policy")
    shell.aws("iam", "delete-role", *role)
    shell.aws("dynamodb", "delete-table", "--table-name", "LambdaTable")
    # The page's own clean-up list forgets the log group, and deleting the function leaves it.
    shell.aws("logs", "delete-log-group", "--log-group-name", "/aws/lambda/LambdaFunctionOverHttps")
