"""The policies of step 2.2 in short: both are on its page, though only one call fits there."""

import io

from rich.console import Console

from lambda_over_https.show.lesson.policies import policy_lines
from lambda_over_https.transcript.selection import effective
from tests.kit.program.lesson import calls_of, finished
from tests.kit.program.support import Account


def test_who_may_use_the_role_and_what_it_allows_are_said_in_short(account: Account) -> None:
    calls = effective(calls_of(finished()), ["2.2"])
    lines = policy_lines(calls, Console(width=80, file=io.StringIO()))
    said = " ".join("".join(text for text, _ in line) for line in lines)
    assert "Trust policy: lambda.amazonaws.com may sts:AssumeRole." in said
    assert "Inline policy: may dynamodb:" in said
    assert "on table/lesson-LambdaTable" in said
    assert "Inline policy: may logs:CreateLogStream, PutLogEvents on log-group:" in said


def test_a_step_without_a_policy_says_nothing(account: Account) -> None:
    calls = effective(calls_of(finished()), ["2.4"])
    assert list(policy_lines(calls, Console(width=80, file=io.StringIO()))) == []
