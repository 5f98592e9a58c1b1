"""What the sandbox does before anybody calls: each service has answered once, and nothing has changed."""

import asyncio

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.control.aws_calls import PROTOCOLS, Scope
from lambda_over_https.sandbox.control.control_plane import ControlPlane
from lambda_over_https.sandbox.control.parsing import parse
from lambda_over_https.sandbox.control.thread import ControlThread
from lambda_over_https.sandbox.warming import first_calls
from lambda_over_https.sandbox.web.http import Request
from tests.kit.account.signing import ask


def _service(request_: Request) -> str:
    """Whose call it is, as its signature says."""
    return request_.headers["authorization"].split("/")[3]


def test_every_service_that_a_run_needs_is_asked() -> None:
    asked = {parse(each).service for each in first_calls()}
    assert asked == set(PROTOCOLS) - {"dynamodbstreams", "events", "scheduler", "wafv2"}


@pytest.mark.parametrize("request_", list(first_calls()), ids=_service)
def test_what_is_asked_only_looks_and_is_answered(sandbox: Sandbox, request_: Request) -> None:
    assert parse(request_).operation.startswith(("List", "Get", "Describe"))
    service = {"resourcegroupstaggingapi": "tagging"}.get(_service(request_), _service(request_))
    headers = {name: value for name, value in request_.headers.items() if name != "authorization"}
    answer = ask(sandbox, service, request_.method, request_.path, headers, request_.body)
    assert answer[0] == 200, answer


def _nobody(_: Request) -> Scope:
    raise AssertionError("nobody is asked who they are")


async def _warm_up(thread: ControlThread) -> None:
    await ControlPlane(thread, _nobody, {}, []).warm_up([Request("GET", "/nowhere", "", {}, b"")])


def test_a_call_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    thread = ControlThread()
    asyncio.run(_warm_up(thread))
    thread.close()
    assert "A job of the control plane failed" in caplog.text
