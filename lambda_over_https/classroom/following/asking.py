"""Requests to the students' URLs: is it deployed, does it answer. But for the keys, they are no calls to AWS.

Each is sent as the student's own client would send it: with an API key where theirs asks for one, and again
where a limit of theirs held it back.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from lambda_over_https.classroom.account import Resource, pages
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, names_for
from lambda_over_https.tutorial.checks import ECHO, ECHO_PAYLOAD
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import API_KEY, BACK_OFF, JSON

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.http import Answer
    from lambda_over_https.aws.place import Place

T = TypeVar("T")

ASKED_AT_ONCE = 16
"""Requests to the students' URLs that are under way together."""

UNKNOWN_VERB = "PATCH"
"""A verb that no step and no chapter gives the API."""


def deployed_of(cloud: "Cloud", place: "Place", found: Iterable[Resource]) -> set[str]:
    """The students whose API is deployed: a request with a verb that it does not have says so.

    API Gateway tells a missing method from a missing stage; no function runs. A firewall that holds requests
    back answers as if the stage were missing, but only a stage can have one.
    """
    found = list(found)
    apis, guarded = _apis(found), _guarded(found)

    def send(student: str) -> bool:
        passes = _passes(cloud, place.invoke_url(apis[student]))
        return passes or (student in guarded and passes is False)

    return {student for student, there in _asked(apis, send).items() if there}


def answers_of(
    taught: Class, cloud: "Cloud", place: "Place", found: Sequence[Resource]
) -> dict[str, bool | None]:
    """Whether each student's URL answers an echo as it should; None if a firewall holds requests back.

    It runs the students' functions, and counts where an API counts its keys' requests.
    """
    apis, guarded = _apis(found), _guarded(found)
    names = {each.name: names_for(each.deployment) for each in taught.students}
    keys = _key_headers(cloud, {student: names[student].api_keys[1] for student in apis}, found)

    def send(student: str) -> bool | None:
        event = as_text(ECHO.event(names[student].table, "")).encode()
        url, headers = place.invoke_url(apis[student]), {"Content-Type": JSON, **keys.get(student, {})}
        try:
            answer = cloud.run.repeat_until(
                lambda: cloud.http.ask(METHOD, url, headers, event),
                lambda answer: answer.status != HTTPStatus.TOO_MANY_REQUESTS,
                "The deployment throttles requests",
                BACK_OFF,
            )
        except InterruptedRunError:
            raise
        except LohError:
            return False
        if student in guarded and answer.status == HTTPStatus.FORBIDDEN and _passes(cloud, url) is False:
            return None
        return _is_right(answer)

    return _asked(apis, send)


def _passes(cloud: "Cloud", url: str) -> bool | None:
    """Whether a request gets as far as the stage's methods; None if there is no answer at all."""
    try:
        answer = cloud.http.ask(UNKNOWN_VERB, url, {})
    except InterruptedRunError:
        raise
    except LohError:
        return None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return headers.get("x-amzn-errortype") != "ForbiddenException"


def _is_right(answer: "Answer") -> bool:
    try:
        return answer.status == HTTPStatus.OK and bool(json.loads(answer.body) == ECHO_PAYLOAD)
    except ValueError:
        return False


def _key_headers(
    cloud: "Cloud", wanted: Mapping[str, str], found: Iterable[Resource]
) -> Mapping[str, Mapping[str, str]]:
    """By student, the header with the value of the key that ``wanted`` names, where there is such a key.

    One listing gives all values, however many students there are (GetApiKeys, ``includeValues``). They are
    secrets, and kept nowhere.
    """
    ids = {
        each.id: each.student
        for each in found
        if each.kind == Kind.API_KEY and each.name == wanted.get(each.student)
    }
    if not ids:
        return {}
    listed = pages(cloud.apigateway, "get_api_keys", "items", 500, includeValues=True)
    return {ids[each["id"]]: {API_KEY: each["value"]} for each in listed if each["id"] in ids}


def _apis(found: Iterable[Resource]) -> dict[str, str]:
    return {each.student: each.id for each in found if each.kind == Kind.REST_API}


def _guarded(found: Iterable[Resource]) -> set[str]:
    """The students who have a firewall."""
    return {each.student for each in found if each.kind == Kind.WEB_ACL}


def _asked(students: Iterable[str], send: Callable[[str], T]) -> dict[str, T]:
    names = list(students)
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        running = [pool.submit(copy_context().run, send, each) for each in names]
        return {name: done.result() for name, done in zip(names, running, strict=True)}
