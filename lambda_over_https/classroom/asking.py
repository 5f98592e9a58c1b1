"""Requests to the students' URLs: is it deployed, does it answer. They are no calls to AWS."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.book import Class
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.tutorial.checks import ECHO, ECHO_PAYLOAD
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import JSON

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

ASKED_AT_ONCE = 16
"""Requests to the students' URLs that are under way together."""


def deployed_of(cloud: "Cloud", place: "Place", found: Iterable[Resource]) -> set[str]:
    """The students whose API is deployed: a request with a verb that it does not have says so.

    API Gateway tells a missing method from a missing stage; no function runs, and it is no call to AWS.
    """
    apis = _apis(found)

    def send(student: str) -> bool:
        try:
            answer = cloud.http.ask("GET", place.invoke_url(apis[student]), {})
        except LohError:
            return False
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return headers.get("x-amzn-errortype") != "ForbiddenException"

    return {student for student, there in _asked(apis, send).items() if there}


def answers_of(taught: Class, cloud: "Cloud", place: "Place", found: Iterable[Resource]) -> dict[str, bool]:
    """Whether each student's URL answers an echo as it should. It runs the students' functions."""
    apis = _apis(found)
    tables = {each.name: names_for(each.deployment).table for each in taught.students}

    def send(student: str) -> bool:
        event = as_text(ECHO.event(tables[student], "")).encode()
        try:
            answer = cloud.http.post(place.invoke_url(apis[student]), event, {"Content-Type": JSON})
            return answer.status == HTTPStatus.OK and json.loads(answer.body) == ECHO_PAYLOAD
        except (LohError, ValueError):
            return False

    return _asked(apis, send)


def _apis(found: Iterable[Resource]) -> dict[str, str]:
    return {each.student: each.id for each in found if each.kind == Kind.REST_API}


def _asked(students: Iterable[str], send: Callable[[str], bool]) -> dict[str, bool]:
    names = list(students)
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return dict(zip(names, pool.map(send, names), strict=True))
