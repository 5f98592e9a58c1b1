"""The function's resource policy, as API Gateway's calls meet it."""

from typing import Any

import pytest

from lambda_over_https.sandbox.iam.policies.resource_policy import service_may_invoke
from tests.kit.sandbox.gateway import ACCOUNT, API, FUNCTION, REGION, allow

APIS = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:"
SOURCE = f"{APIS}{API}/prod/POST/DynamoDBManager"


def permitted(*statements: dict[str, Any], source: str = SOURCE) -> bool:
    """Ask whether API Gateway may invoke the function for ``source`` under these statements."""
    return service_may_invoke("apigateway.amazonaws.com", statements, FUNCTION, source, ACCOUNT)


def when(**conditions: dict[str, Any]) -> dict[str, Any]:
    """A statement with these conditions."""
    return allow("", Condition=conditions)


@pytest.mark.parametrize(
    "statement",
    [
        allow("/prod/POST/DynamoDBManager"),
        allow("/*/POST/DynamoDBManager"),
        allow("/*/*/*"),
        allow("/p?od/POST/*"),
        allow("/*", Action="lambda:*"),
        allow("/*", Action=["lambda:GetFunction", "LAMBDA:invokefunction"]),
        allow("/*", Action="*"),
        allow("/*", Principal="*"),
        allow("/*", Principal={"AWS": "*"}),
        allow("/*", Principal={"Service": ["events.amazonaws.com", "apigateway.amazonaws.com"]}),
        allow("/*", Resource="*"),
        allow("/*", Condition=None),
        when(StringEquals={"AWS:SourceArn": SOURCE}),
        when(StringLike={"aws:sourcearn": [f"{APIS}other/*", f"{APIS}{API}/*"]}),
        when(ArnEquals={"aws:SourceArn": f"{APIS}{API}/*"}),
        when(StringLike={"AWS:SourceArn": "arn:aws:execute-api:*"}),
        when(StringEquals={"AWS:SourceAccount": ACCOUNT}),
        when(StringEquals={"AWS:SourceAccount": ACCOUNT}, ArnLike={"AWS:SourceArn": f"{APIS}*"}),
        when(StringNotEquals={"AWS:SourceAccount": "000000000000"}),
        when(StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"}),
    ],
)
def test_a_statement_lets_api_gateway_in(statement: dict[str, Any]) -> None:
    """Lambda developer guide, "Granting Lambda function access to AWS services"; IAM's operators."""
    assert permitted(statement)


@pytest.mark.parametrize(
    "statement",
    [
        allow("/test/POST/DynamoDBManager"),
        allow("/prod/GET/DynamoDBManager"),
        allow("/prod/POST/dynamodbmanager"),
        allow("/prod/POST/DynamoDBManager/"),
        allow(""),
        allow("/*", Effect="Deny"),
        allow("/*", Action="lambda:InvokeAsync"),
        allow("/*", Principal={"AWS": ACCOUNT}),
        allow("/*", Principal={"Service": "lambda.amazonaws.com"}),
        allow("/*", Principal=None),
        allow("/*", Resource=f"{FUNCTION}:PROD"),
        when(StringEquals={"AWS:SourceArn": f"{APIS}{API}/*"}),
        when(StringEquals={"AWS:SourceAccount": "000000000000"}),
        when(StringEquals={"AWS:SourceAccount": "000000000000"}, ArnLike={"AWS:SourceArn": f"{APIS}*"}),
        when(StringNotEquals={"AWS:SourceAccount": ACCOUNT}),
        when(ArnLike={"AWS:SourceArn": f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:{API}/*"}),
        when(ArnLike={"AWS:SourceArn": "arn:aws:execute-api:*"}),
        when(ArnEquals={"AWS:SourceArn": f"arn:*:{API}/prod/POST/DynamoDBManager"}),
        when(StringEquals={"aws:PrincipalOrgID": "o-1"}),
        when(NoSuchOperator={"AWS:SourceArn": "*"}),
    ],
)
def test_a_statement_does_not_let_api_gateway_in(statement: dict[str, Any]) -> None:
    """Lambda developer guide, "Granting Lambda function access to AWS services"; paths are case-sensitive."""
    assert not permitted(statement)


def test_any_statement_is_enough_and_a_deny_is_too_much() -> None:
    """IAM user guide, "Policy evaluation logic"."""
    assert not permitted()
    assert permitted(allow("/test/*"), allow("/prod/*"))
    assert not permitted(allow("/prod/*"), allow("/prod/*", Effect="Deny"))


def test_the_tutorials_two_statements() -> None:
    """The first one also covers what the second one does; the test's stage is ``test-invoke-stage``."""
    first, second = allow("/*/POST/DynamoDBManager"), allow("/prod/POST/DynamoDBManager")
    test = f"{APIS}{API}/test-invoke-stage/POST/DynamoDBManager"
    assert [permitted(first), permitted(second)] == [True, True]
    assert [permitted(first, source=test), permitted(second, source=test)] == [True, False]
