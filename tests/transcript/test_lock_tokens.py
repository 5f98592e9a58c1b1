"""A script brings AWS WAF the token of its own last change, whichever calls it leaves out."""

from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.lock_tokens import with_newest


def call(operation: str, parameters: dict[str, Any], answer: dict[str, Any]) -> Call:
    return Call("", "", "", "wafv2", operation, parameters, answer)


def test_each_change_brings_the_token_that_the_one_before_it_answered() -> None:
    calls = [
        call("CreateIPSet", {"Name": "a"}, {"Summary": {"Id": "1", "LockToken": "first"}}),
        call("CreateIPSet", {"Name": "b"}, {"Summary": {"Id": "2", "LockToken": "another's"}}),
        call("UpdateIPSet", {"Id": "1", "LockToken": "of a call left out"}, {"NextLockToken": "second"}),
        call("DeleteIPSet", {"Id": "1", "LockToken": None}, {}),
        call("DeleteIPSet", {"Id": "2", "LockToken": None}, {}),
        call("DeleteRestApi", {"restApiId": "3"}, {}),
    ]
    brought = [each.parameters.get("LockToken") for each in with_newest(calls)]
    assert brought == [None, None, "first", "second", "another's", None]
