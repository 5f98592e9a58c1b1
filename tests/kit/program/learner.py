"""A learner at the walk: lines typed one by one, some only known when the walk has come there."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from lambda_over_https.names import names_for
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.tutorial.definition import JSON, TUTORIAL
from tests.kit.program.support import Account

Line = str | Callable[[], str]


class Typing:
    """Standard input that is no terminal: gives each line when it is asked for."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)

    def isatty(self) -> bool:
        """It is none."""
        return False

    def readline(self) -> str:
        """The next line; nothing at the end."""
        line = next(self._lines, None)
        if line is None:
            return ""
        return f"{line if isinstance(line, str) else line()}\n"


class ByHand:
    """The ``aws`` commands that do each step of a deployment, as a learner types them."""

    def __init__(self, account: Account, name: str) -> None:
        self._account = account
        self.names = names_for(name)

    def role(self) -> Iterator[Line]:
        """Step 2.2."""
        trust = _document(
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}, "sts:AssumeRole"
        )
        group = f"arn:aws:logs:us-east-1:123456789012:log-group:{self.names.log_group}:*"
        table = f"arn:aws:dynamodb:us-east-1:123456789012:table/{self.names.table}"
        operations = ("PutItem", "GetItem", "DeleteItem", "UpdateItem", "Query", "Scan")
        allowed = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["logs:PutLogEvents", "logs:CreateLogStream"],
                    "Resource": group,
                },
                {"Effect": "Allow", "Action": [f"dynamodb:{each}" for each in operations], "Resource": table},
            ],
        }
        yield f"aws iam create-role --role-name {self.names.role} --assume-role-policy-document '{trust}'"
        yield (
            f"aws iam put-role-policy --role-name {self.names.role} --policy-name {self.names.policy}"
            f" --policy-document '{json.dumps(allowed)}'"
        )

    def log_group(self) -> Iterator[Line]:
        """Step 2.3, the log group."""
        yield f"aws logs create-log-group --log-group-name {self.names.log_group}"
        yield f"aws logs put-retention-policy --log-group-name {self.names.log_group} --retention-in-days 7"

    def function(self, handler: str = "LambdaFunctionOverHttps.handler") -> str:
        """Step 2.3, the function."""
        return (
            f"aws lambda create-function --function-name {self.names.function} --runtime {RUNTIMES['python']}"
            f" --handler {handler} --role arn:aws:iam::123456789012:role/{self.names.role}"
            " --zip-file fileb://LambdaFunctionOverHttps.zip"
            f" --environment Variables={{TABLE_NAME={self.names.table}}}"
        )

    def right_handler(self) -> str:
        """Step 2.3, after a wrong name of the handler."""
        return (
            f"aws lambda update-function-configuration --function-name {self.names.function}"
            " --handler LambdaFunctionOverHttps.handler"
        )

    def table(self) -> str:
        """Step 2.4."""
        return (
            f"aws dynamodb create-table --table-name {self.names.table} --billing-mode PAY_PER_REQUEST"
            " --key-schema AttributeName=Id,KeyType=HASH"
            " --attribute-definitions AttributeName=Id,AttributeType=S"
        )

    def api(self, endpoint: str = "REGIONAL") -> str:
        """Step 3.1."""
        return (
            f"aws apigateway create-rest-api --name {self.names.api}"
            f" --endpoint-configuration types={endpoint}"
        )

    def resource(self) -> str:
        """Step 3.2."""
        root = self._resources()["/"]
        return (
            f"aws apigateway create-resource {self._of_api()} --parent-id {root} --path-part DynamoDBManager"
        )

    def method(self) -> str:
        """Step 3.3."""
        return f"aws apigateway put-method {self._of_method()} --authorization-type NONE"

    def integration(self) -> Iterator[Line]:
        """Step 3.4."""
        function = f"arn:aws:lambda:us-east-1:123456789012:function:{self.names.function}"
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
        yield (
            lambda: (
                f"aws apigateway put-integration {self._of_method()} --type AWS"
                f" --integration-http-method POST --uri {uri}"
            )
        )
        (post,) = TUTORIAL.methods
        for each in post.responses:
            yield partial(self._put, "method", f"--status-code {each.status}")
        for each in post.responses:
            templates = json.dumps({JSON: each.template}).replace("'", "'\\''")
            given = f"--status-code {each.status} --response-templates '{templates}'"
            given += f" --selection-pattern '{each.pattern}'" if each.pattern else ""
            yield partial(self._put, "integration", given)

    def _put(self, what: str, given: str) -> str:
        return f"aws apigateway put-{what}-response {self._of_method()} {given}"

    def deployment(self) -> str:
        """Step 3.5."""
        return f"aws apigateway create-deployment {self._of_api()} --stage-name prod"

    def permissions(self) -> Iterator[Line]:
        """Step 3.6."""
        for statement, stage in (("apigateway-test-2", "*"), ("apigateway-prod-2", "prod")):
            yield partial(self._permission, statement, stage)

    def _permission(self, statement: str, stage: str) -> str:
        source = f"arn:aws:execute-api:us-east-1:123456789012:{self._api_id()}/{stage}/POST/DynamoDBManager"
        return (
            f"aws lambda add-permission --function-name {self.names.function} --statement-id {statement}"
            " --action lambda:InvokeFunction --principal apigateway.amazonaws.com"
            f" --source-arn '{source}'"
        )

    def _api_id(self) -> str:
        apis = self._account.client("apigateway").get_rest_apis(limit=500)["items"]
        (found,) = [each["id"] for each in apis if each["name"] == self.names.api]
        return str(found)

    def _resources(self) -> dict[str, Any]:
        found = self._account.client("apigateway").get_resources(restApiId=self._api_id())["items"]
        return {each["path"]: each["id"] for each in found}

    def _of_api(self) -> str:
        return f"--rest-api-id {self._api_id()}"

    def _of_method(self) -> str:
        resource = self._resources()["/DynamoDBManager"]
        return f"{self._of_api()} --resource-id {resource} --http-method POST"


def _document(statement: dict[str, Any], action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Action": action}]})
