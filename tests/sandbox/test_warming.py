"""What the sandbox does before anybody calls: each service has answered once, and nothing has changed."""

import asyncio
import http.client

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.control.aws_calls import PROTOCOLS, parse
from lambda_over_https.sandbox.control.control_plane import ControlPlane
from lambda_over_https.sandbox.control.thread import ControlThread
from lambda_over_https.sandbox.warming import first_calls
from lambda_over_https.sandbox.web.http import Request

CALLS = {parse(each).service: each for each in first_calls()}


def test_every_service_that_a_run_needs_is_asked() -> None:
    assert set(CALLS) == set(PROTOCOLS) - {"events", "scheduler", "wafv2"}


@pytest.mark.parametrize("request_", CALLS.values(), ids=CALLS)
def test_what_is_asked_only_looks_and_is_answered(sandbox: Sandbox, request_: Request) -> None:
    assert parse(request_).operation.startswith(("List", "Get", "Describe"))
    connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"))
    connection.request(request_.method, request_.path, request_.body or None, dict(request_.headers))
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()


async def _warm_up(thread: ControlThread) -> None:
    await ControlPlane(thread, {}, []).warm_up([Request("GET", "/nowhere", "", {}, b"")])


def test_a_call_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    thread = ControlThread()
    asyncio.run(_warm_up(thread))
    thread.close()
    assert "A job of the control plane failed" in caplog.text
