"""Exactly how many AWS calls each command makes, as AWS would see them: seen on the wire, none estimated.

Who changes a number here has made the program slower or quicker for everybody: say which call it is, and
why it is needed or why it is not.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.kit.account.between import Between
from tests.kit.program.support import Account, Ran, loh, use_keys


class Tapped:
    """The program on an endpoint that counts its calls."""

    def __init__(self, between: Between, name: str) -> None:
        self._between = between
        self._where = ("--name", name, "--endpoint-url", between.url, "--region", "us-east-1")

    def calls(self, *arguments: str, code: int = 0) -> Counter[str]:
        """The AWS calls that a command makes; requests to the deployed API are not AWS calls."""
        before = len(self._between.calls)
        ran: Ran = loh(*arguments, *self._where)
        assert ran.code == code, ran.err
        made = Counter(self._between.names()[before:])
        del made["execute-api:POST"]
        return made


@pytest.fixture
def tapped(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tapped]:
    """The program as on AWS: it must ask who it is."""
    use_keys(monkeypatch, account.sandbox)
    with Between(account.sandbox.endpoint_url) as between:
        yield Tapped(between, name)


# Once a command, to know the account; step 1 tells of that very call.
IDENTITY = Counter({"sts:GetCallerIdentity": 1})

# Before the first change: is anything of somebody else's in the way?
SURVEY = Counter(
    {
        "iam:GetRole": 1,
        "iam:ListRoles": 1,  # IAM ignores case: a role of that name in another case is in the way too
        "logs:DescribeLogGroups": 1,
        "lambda:GetFunction": 1,
        "dynamodb:DescribeTable": 1,
        "apigateway:GetRestApis": 1,
    }
)
MAKING = Counter(
    {
        "iam:CreateRole": 1,
        "iam:PutRolePolicy": 1,
        "logs:CreateLogGroup": 1,
        "logs:PutRetentionPolicy": 1,
        "lambda:CreateFunction": 1,
        "dynamodb:CreateTable": 1,
        "apigateway:CreateRestApi": 1,  # its answer names the root resource
        "apigateway:CreateResource": 1,
        "apigateway:PutMethod": 1,
        "apigateway:PutIntegration": 1,
        "apigateway:PutMethodResponse": 4,
        "apigateway:PutIntegrationResponse": 4,
        "apigateway:CreateDeployment": 1,
        "lambda:AddPermission": 2,
    }
)
# A new table is CREATING and a new function Pending: one look each, where they are ready by then.
WAITING = Counter({"dynamodb:DescribeTable": 1, "lambda:GetFunctionConfiguration": 1})
TRYING_BY_HAND = Counter({"lambda:Invoke": 1})
CHECKING = Counter({"lambda:Invoke": 6, "apigateway:TestInvokeMethod": 6})

# Is all of it there, ours, and as it should be? Where a description has no tags, these are asked for.
LOOKING = Counter(
    {
        "iam:GetRole": 1,
        "iam:GetRolePolicy": 1,
        "logs:DescribeLogGroups": 1,
        "logs:ListTagsForResource": 1,
        "lambda:GetFunction": 1,
        "lambda:GetPolicy": 1,  # both statements
        "dynamodb:DescribeTable": 1,
        "dynamodb:ListTagsOfResource": 1,
        "apigateway:GetRestApi": 1,
        "apigateway:GetResources": 1,  # methods, integrations and responses with it
        "apigateway:GetStage": 1,
    }
)

# Before a teardown asks: what is there, is it ours, and what did others add that would go along?
TAKING_STOCK = Counter(
    {
        "iam:GetRole": 1,
        "iam:ListRolePolicies": 1,
        "iam:ListAttachedRolePolicies": 1,
        "iam:ListInstanceProfilesForRole": 1,
        "logs:DescribeLogGroups": 1,
        "logs:ListTagsForResource": 1,
        "logs:DescribeSubscriptionFilters": 1,
        "logs:DescribeMetricFilters": 1,
        "lambda:GetFunction": 1,
        "lambda:GetPolicy": 1,
        "lambda:ListVersionsByFunction": 1,
        "lambda:ListAliases": 1,
        "lambda:GetFunctionUrlConfig": 1,
        "dynamodb:DescribeTable": 2,  # is it ours; what did somebody add to it
        "dynamodb:ListTagsOfResource": 1,
        "dynamodb:Scan": 1,
        "apigateway:GetRestApi": 1,
        "apigateway:GetResources": 1,
        "apigateway:GetStages": 1,
        "apigateway:GetAuthorizers": 1,
        "apigateway:GetModels": 1,
        "apigateway:GetRequestValidators": 1,
        "apigateway:GetGatewayResponses": 1,
        "apigateway:GetUsagePlans": 1,
    }
)
DELETING = Counter(
    {
        "iam:DeleteRolePolicy": 1,
        "iam:DeleteRole": 1,
        "logs:DeleteLogGroup": 1,
        "lambda:DeleteFunction": 1,
        "dynamodb:DeleteTable": 1,
        "dynamodb:DescribeTable": 1,  # it is DELETING for a while
        "apigateway:DeleteRestApi": 1,  # and all that belongs to it
    }
)
PROVING = (
    SURVEY
    - Counter({"iam:ListRoles": 1})
    + Counter(
        {
            "resourcegroupstaggingapi:GetResources": 1,
            "lambda:ListEventSourceMappings": 1,  # what outlives a function
            "dynamodb:ListBackups": 1,  # what outlives a table
        }
    )
)


def test_a_run_looks_once_makes_each_thing_once_and_checks_it(tapped: Tapped) -> None:
    made = tapped.calls("run", "--no-pause", "--yes")
    assert made == IDENTITY + SURVEY + MAKING + WAITING + TRYING_BY_HAND + CHECKING


def test_a_run_of_what_is_done_only_looks_and_does_not_repeat_the_checks(tapped: Tapped) -> None:
    tapped.calls("run", "--no-pause", "--yes")
    assert tapped.calls("run", "--no-pause", "--yes") == IDENTITY + LOOKING
    assert tapped.calls("plan") == IDENTITY + LOOKING


def test_a_run_that_goes_on_looks_at_what_is_there_and_makes_the_rest(tapped: Tapped) -> None:
    tapped.calls("run", "--to", "3.1", "--no-pause", "--yes")
    made = tapped.calls("run", "--no-pause", "--yes")
    looked = LOOKING - Counter(
        {"lambda:GetPolicy": 1, "apigateway:GetResources": 1, "apigateway:GetStage": 1}
    )
    done = ("iam:", "logs:", "lambda:Create", "dynamodb:", "apigateway:CreateRestApi")
    left = Counter({call: count for call, count in MAKING.items() if not call.startswith(done)})
    assert made == IDENTITY + looked + left + CHECKING


def test_verify_only_checks(tapped: Tapped) -> None:
    tapped.calls("run", "--no-pause", "--yes")
    assert tapped.calls("verify") == IDENTITY + CHECKING


def test_status_and_steps_ask_nobody(tapped: Tapped) -> None:
    tapped.calls("run", "--no-pause", "--yes")
    assert tapped.calls("status") == tapped.calls("steps") == Counter()


def test_a_teardown_takes_stock_deletes_each_thing_once_and_looks_again(tapped: Tapped) -> None:
    tapped.calls("run", "--no-pause", "--yes")
    assert tapped.calls("teardown", "--yes") == IDENTITY + TAKING_STOCK + DELETING + PROVING
