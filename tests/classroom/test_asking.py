"""What is asked of a student's URL is asked as that student's own client would ask it."""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.http import Answer
from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.following.asking import answers_of, deployed_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.run_context import RunContext
from lambda_over_https.tutorial.checks import ECHO_PAYLOAD
from tests.kit.in_memory.clock import StoppedClock

ALICE = Student("alice", "c-alice")
TAUGHT = Class("c", "c", "aws", "aws", "1" * 12, "us-east-1", "", "", (ALICE,))
NAMES = names_for(ALICE.deployment)
API = Resource("alice", Kind.REST_API, NAMES.api, "api1")
KEYS = [
    Resource("alice", Kind.API_KEY, name, f"id-{number}") for number, name in enumerate(NAMES.api_keys, 1)
]
FIREWALL = Resource("alice", Kind.WEB_ACL, NAMES.firewall, "acl")
RIGHT = json.dumps(ECHO_PAYLOAD)
FORBIDDEN = '{"message":"Forbidden"}'


class Place:
    """Where the APIs are."""

    def invoke_url(self, api: str) -> str:
        return f"https://{api}.example"


class Gateway:
    """An API with POST, which gives each of ``answers`` in turn, and the last one for ever."""

    def __init__(self, *answers: tuple[int, str], key: str = "", firewall: bool = False) -> None:
        self._answers, self._key, self._firewall = list(answers), key, firewall
        self.posts = 0
        self.lists = 0

    def ask(self, verb: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        if verb != "POST" and not self._firewall:
            return _answer(403, "{}", "MissingAuthenticationTokenException")
        if self._firewall or (self._key and headers.get("x-api-key") != self._key):
            return _answer(403, FORBIDDEN, "ForbiddenException")
        self.posts += 1
        return _answer(*(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]))

    def get_paginator(self, operation: str) -> "Gateway":
        assert operation == "get_api_keys"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        assert asked["includeValues"]
        self.lists += 1
        return [{"items": [{"id": "id-9", "value": "other"}, {"id": "id-2", "value": "secret"}]}]

    def cloud(self) -> Any:
        clock = StoppedClock()
        run = RunContext(lambda _: None, clock, clock.pass_)
        return SimpleNamespace(http=self, apigateway=self, run=run)

    def answers(self, *found: Resource) -> bool | None:
        place: Any = Place()
        return answers_of(TAUGHT, self.cloud(), place, [API, *found])["alice"]

    def is_deployed(self, *found: Resource) -> bool:
        place: Any = Place()
        return "alice" in deployed_of(self.cloud(), place, [API, *found])


def _answer(status: int, body: str, error: str = "") -> Answer:
    return Answer(status, {"x-amzn-ErrorType": error}, body.encode(), 0.0)


def test_who_has_an_api_key_is_asked_with_it_and_one_listing_gives_the_keys_of_all() -> None:
    gateway = Gateway((200, RIGHT), key="secret")
    assert (gateway.answers(*KEYS), gateway.lists) == (True, 1)
    assert gateway.answers(KEYS[0]) is False, "clients have the second key"


def test_where_there_is_no_key_none_is_looked_for() -> None:
    gateway = Gateway((200, RIGHT))
    assert (gateway.answers(), gateway.lists) == (True, 0)


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        ([(200, RIGHT)], True),
        ([(200, "{}")], False),
        ([(200, "no JSON")], False),
        ([(500, "{}")], False),
        ([(403, FORBIDDEN)], False),
        ([(429, "{}"), (429, "{}"), (200, RIGHT)], True),
        ([(429, "{}")], False),
    ],
)
def test_an_answer_is_right_or_not_and_one_held_back_by_a_limit_is_asked_for_again(
    answers: list[tuple[int, str]], right: bool
) -> None:
    assert Gateway(*answers).answers() is right


def test_who_has_a_firewall_that_holds_requests_back_neither_answers_nor_fails() -> None:
    gateway = Gateway((200, RIGHT), firewall=True)
    assert gateway.answers(FIREWALL) is None
    assert gateway.answers() is False
    assert gateway.is_deployed(FIREWALL)
    assert not gateway.is_deployed()
    assert Gateway((403, FORBIDDEN)).answers(FIREWALL) is False, "it is not the firewall that refuses"


def test_whether_it_is_deployed_is_asked_with_a_verb_that_runs_no_function_and_needs_no_key() -> None:
    gateway = Gateway((200, RIGHT), key="secret")
    assert (gateway.is_deployed(*KEYS), gateway.posts) == (True, 0)
