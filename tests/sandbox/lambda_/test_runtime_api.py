"""Who may speak to a worker's Runtime API, and what it refuses."""

import asyncio
import socket

import pytest

from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation, RuntimeApi
from lambda_over_https.sandbox.model.functions import Function
from tests.kit.sandbox.lambda_fixtures import lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import Lab

ASK = """
import json, os, urllib.error, urllib.request

API = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"]

def handler(event, context):
    path, headers = event
    request = urllib.request.Request(API + path, data=b"1", headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return [answer.status, json.loads(answer.read())]
    except urllib.error.HTTPError as error:
        return [error.code, json.loads(error.read())]
"""


@pytest.fixture(scope="module", name="asker")
def _asker(lab: Lab) -> Function:
    return lab.python(ASK)


@pytest.mark.parametrize(
    ("path", "headers", "status", "kind"),
    [
        ("/2018-06-01/runtime/invocation/unknown/response", {}, 400, "BadRequest"),
        ("/2018-06-01/runtime/other", {}, 404, "NotFound"),
        ("/2018-06-01/runtime/invocation/x/response", {"Origin": "https://example.com"}, 403, "Forbidden"),
        ("/2018-06-01/runtime/invocation/x/response", {"Host": "example.com"}, 403, "Forbidden"),
    ],
)
def test_a_request_that_is_not_the_workers_is_refused(
    lab: Lab, asker: Function, path: str, headers: dict[str, str], status: int, kind: str
) -> None:
    found, document = lab.result(asker, [path, headers])
    assert (found, document["errorType"]) == (status, kind)


STEAL = """
import os, urllib.error, urllib.request

def handler(event, context):
    where, path = os.environ["AWS_LAMBDA_RUNTIME_API"].split("/")
    found = []
    for guess in ("", "/", f"/{path[:-1]}", f"/{path}x", f"/{path.swapcase()}", f"//{path}"):
        for asked, data in (("next", None), (f"{context.aws_request_id}/response", b"forged")):
            url = f"http://{where}{guess}/2018-06-01/runtime/invocation/{asked}"
            try:
                urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=5)
                found.append(url)
            except urllib.error.HTTPError as error:
                found += [] if error.code == 403 else [error.code]
    return found
"""


def test_who_does_not_know_the_workers_path_gets_no_event_and_forges_no_result(lab: Lab) -> None:
    assert lab.result(lab.python(STEAL)) == []


def test_each_worker_has_a_path_of_its_own() -> None:
    async def addresses() -> list[str]:
        apis = [RuntimeApi(Keeper()) for _ in range(5)]
        found = [await api.start() for api in apis]
        for api in apis:
            await api.close()
        return found

    assert len({address.partition("/")[2] for address in asyncio.run(addresses())}) == 5


def test_an_event_cannot_be_answered_twice(lab: Lab) -> None:
    function = lab.python(
        ASK.replace(
            "    path, headers = event\n",
            '    path, headers = f"/2018-06-01/runtime/invocation/{context.aws_request_id}/response", {}\n',
        )
    )
    outcome = lab.invoke(function)
    assert (outcome.error, outcome.payload) == (None, b"1"), "the first answer counts"
    assert lab.invoke(function).payload == b"1"


def test_who_speaks_no_http_is_hung_up_on(lab: Lab) -> None:
    function = lab.python(
        "import os, socket\n"
        "def handler(event, context):\n"
        "    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split('/')[0].split(':')\n"
        "    with socket.create_connection((host, int(port))) as other:\n"
        "        other.sendall(b'nonsense\\r\\n\\r\\n')\n"
        "        try:\n"
        "            return len(other.recv(10))\n"
        "        except ConnectionResetError:\n"
        "            return 0\n"
    )
    assert lab.result(function) == 0


class Keeper:
    """Notes what the API hands out."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.results: list[bytes] = []
        self.asked = asyncio.Event()

    def on_taken(self, invocation: Invocation) -> int:
        self.taken.append(invocation.request_id)
        return 0

    def on_ready(self) -> None:
        self.asked.set()

    def on_response(self, payload: bytes) -> None:
        self.results.append(payload)

    def on_error(self, payload: bytes) -> None:
        raise AssertionError(payload)

    on_init_error = on_error


@pytest.mark.parametrize("hangs_up", [False, True])
def test_an_event_is_not_given_to_a_worker_that_has_just_gone(hangs_up: bool) -> None:
    async def delivered() -> list[str]:
        keeper = Keeper()
        api = RuntimeApi(keeper)
        address = await api.start()
        where, path = address.split("/")
        host, port = where.split(":")
        with socket.create_connection((host, int(port))) as worker:
            ask = f"GET /{path}/2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {where}\r\n\r\n"
            worker.sendall(ask.encode())
            await keeper.asked.wait()
            if hangs_up:
                worker.close()
            # No await in between: the API has had no chance to hear of it.
            api.deliver(Invocation("id", "arn", b"{}", "trace"))
        await api.close()
        return keeper.taken

    assert asyncio.run(delivered()) == ([] if hangs_up else ["id"])


@pytest.mark.parametrize("together", [False, True])
def test_a_result_may_travel_with_the_question_for_the_next_event(together: bool) -> None:
    async def talk() -> tuple[bytes, list[bytes]]:
        keeper = Keeper()
        api = RuntimeApi(keeper)
        address = await api.start()
        where, path = address.split("/")
        reader, writer = await asyncio.open_connection(*where.split(":"))
        head, root = f"HTTP/1.1\r\nHost: {where}\r\n", f"/{path}/2018-06-01/runtime/invocation"
        ask = f"GET {root}/next {head}\r\n".encode()
        post = f"POST {root}/first/response {head}Content-Length: 1\r\n\r\n1".encode()
        api.deliver(Invocation("first", "arn", b'"one"', "trace"))
        writer.write(ask)
        said = await reader.readuntil(b'"one"')
        if together:
            writer.write(post + ask)
            await keeper.asked.wait()
        else:
            writer.write(post)
            said += await reader.readuntil(b'{"status":"OK"}')
            writer.write(ask)
        api.deliver(Invocation("second", "arn", b'"two"', "trace"))
        said += await reader.readuntil(b'"two"')
        writer.close()
        await api.close()
        return said, keeper.results

    said, results = asyncio.run(talk())
    assert results == [b"1"]
    order = [said.index(each) for each in (b'"one"', b"202 Accepted", b'{"status":"OK"}', b'"two"')]
    assert order == sorted(order)
    assert said.count(b"HTTP/1.1") == 3
