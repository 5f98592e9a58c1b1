"""A teardown whose turn to delete the REST API has not come: it waits, or leaves it to the next one."""

import json
from collections.abc import Iterator

import pytest

from lambda_over_https.names import names_for
from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.program.support import Account, Ran, loh, use_keys

TOO_MANY = Answer(
    429,
    {"Content-Type": "application/json", "x-amzn-ErrorType": "TooManyRequestsException"},
    json.dumps({"message": "Too Many Requests"}).encode(),
)


class Refusing:
    """Refuses the first so many calls of one operation, as AWS does while others have their turn."""

    def __init__(self, operation: str, times: int) -> None:
        self.operation, self.left = operation, times

    def __call__(self, call: Call, forward: Forward) -> Answer | None:
        if call.name == f"apigateway:{self.operation}" and self.left:
            self.left -= 1
            return TOO_MANY
        return forward()


@pytest.fixture
def busy(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """A finished deployment in an account in which others delete REST APIs too."""
    use_keys(monkeypatch, account.sandbox)
    with Between(account.sandbox.endpoint_url) as between:
        assert run(between, name, "run", "--no-pause", "--yes").code == 0
        yield between


def run(between: Between, name: str, *arguments: str) -> Ran:
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", between.url)
    return loh(*arguments, *where)


def test_no_wait_removes_all_else_and_leaves_the_api_to_the_next_teardown(
    busy: Between, name: str, account: Account
) -> None:
    busy.meddle = Refusing("DeleteRestApi", 1)
    first = run(busy, name, "teardown", "--no-wait", "--yes", "--json")
    assert first.code == 3
    [left] = first.json["left"]
    assert left["kind"] == "apigateway:restapi"
    assert "call DeleteRestApi once in 30 seconds" in left["reason"]
    assert "The next `loh teardown" in first.err
    assert {each.partition(" ")[0] for each in account.of(name)} == {"api"}
    assert busy.names().count("apigateway:DeleteRestApi") == 1
    second = run(busy, name, "teardown", "--no-wait", "--yes")
    assert (second.code, account.of(name)) == (0, set())


def test_a_refused_delete_waits_for_its_turn_and_says_its_place(
    busy: Between, name: str, account: Account
) -> None:
    busy.meddle = Refusing("DeleteRestApi", 1)
    done = run(busy, name, "teardown", "--yes")
    assert (done.code, account.of(name)) == (0, set())
    assert "in the queue" in done.err
    assert names_for(name).api not in {
        each.get("name") for each in account.listed("apigateway", "get_rest_apis", "items")
    }


def test_a_test_of_the_method_is_made_again_as_long_as_the_account_is_busy(busy: Between, name: str) -> None:
    busy.meddle = Refusing("TestInvokeMethod", 5)
    verified = run(busy, name, "verify", "--json")
    assert (verified.code, verified.json["passed"]) == (0, True)
    run(busy, name, "teardown", "--yes")
