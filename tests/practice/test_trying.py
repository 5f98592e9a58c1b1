"""One tried request: what it says of an answer is so also where the tutorial is not the cause."""

import pytest

from lambda_over_https.cli.shared import opening
from lambda_over_https.names import PROD_STATEMENT, TEST_STATEMENT
from lambda_over_https.practice.trying import DIRECT, FAILED, INSIDE, NO_API, try_it
from lambda_over_https.tutorial.ways import Https, Reply
from tests.kit.program.lesson import at_work, finished, settings
from tests.kit.program.support import Account, loh


def test_a_permission_that_was_granted_and_is_gone_is_no_step_to_be_done(account: Account) -> None:
    with at_work(finished("drilled")) as (stack, engine):
        for statement in (TEST_STATEMENT, PROD_STATEMENT):
            account.client("lambda").remove_permission(
                FunctionName=stack.names.function, StatementId=statement
            )
        tried = try_it(stack)
        assert (tried.reply.status, tried.reached, tried.why) == (500, 2, FAILED)
        stack.readings.forget()
        assert engine.run(None, opening.WORKERS)


def test_before_there_is_a_stage_the_sender_is_who_has_aws_keys_and_no_client(account: Account) -> None:
    assert loh("run", "--no-pause", "--to", "2.4", "--name", "keys").code == 0
    with at_work("keys") as (stack, _):
        tried = try_it(stack)
    assert tried.hops == DIRECT == ("you, with AWS keys", "Lambda", "DynamoDB")
    assert tried.why == f"DynamoDB has answered. {INSIDE.format(NO_API)}"
    assert loh("teardown", "--yes", "--name", "keys").code == 0


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, '{"message":"Missing Authentication Token"}', "no such path or method is deployed"),
        (403, '{"message":"Forbidden"}', "no such stage, no valid API key, or the firewall blocks it"),
        (
            403,
            '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn"}',
            "the API's resource policy refuses this caller",
        ),
        (429, '{"message":"Too Many Requests"}', "a limit is reached"),
    ],
)
def test_what_api_gateway_refuses_is_told_apart_by_its_message(
    account: Account, monkeypatch: pytest.MonkeyPatch, status: int, body: str, why: str
) -> None:
    monkeypatch.setattr(Https, "send", lambda *_: Reply(status, body, 0.01))
    with opening.reading(settings(finished("drilled"))) as (stack, _):
        tried = try_it(stack)
    assert (tried.reached, tried.why) == (2, f"API Gateway answers by itself: {why}.")
