"""Whatever arrives at the sandbox's ports, it answers in words, writes no traceback and keeps no surplus."""

import gzip
import http.client
import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account.signing import ask, send

DEEP = b"[" * 50_000 + b"]" * 50_000
DEEP_OBJECT = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
TARGET = {"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0"}
LOGS = {"X-Amz-Target": "Logs_20140328.PutLogEvents", "Content-Type": "application/x-amz-json-1.1"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

ODD: list[tuple[str, str, str, dict[str, str], bytes]] = [
    ("dynamodb", "POST", "/", TARGET, DEEP),
    ("dynamodb", "POST", "/", TARGET, DEEP_OBJECT),
    ("dynamodb", "POST", "/", TARGET, b'{"Item": ' + DEEP + b"}"),
    ("dynamodb", "POST", "/", TARGET, b'{"TableName": "\xff\xfe"}'),
    ("dynamodb", "POST", "/", TARGET, b"\x00\x01\x02"),
    ("dynamodb", "POST", "/", TARGET, b'{"TableName": "\\ud800", "Item": {}}'),
    ("logs", "POST", "/", LOGS, DEEP_OBJECT),
    ("logs", "POST", "/", LOGS, b"\xff"),
    ("iam", "POST", "/", FORM, b"\xff\xfe"),
    ("iam", "POST", "/", FORM, b"Action=CreateRole&RoleName=%ff%fe"),
    ("iam", "POST", "/", FORM, b"&".join(b"a%d=b" % n for n in range(50_000))),
    ("iam", "POST", "/?Action=%ff", FORM, b""),
    ("sts", "POST", "/", FORM, b"Action=AssumeRole&RoleArn=%00&RoleSessionName=x"),
    ("lambda", "POST", "/2015-03-31/functions", {}, DEEP),
    ("lambda", "POST", "/2015-03-31/functions", {}, DEEP_OBJECT),
    ("lambda", "GET", "/2015-03-31/functions/%ff%00", {}, b""),
    ("lambda", "GET", "/2015-03-31/functions/" + "x" * 5000, {}, b""),
    ("lambda", "GET", "/%", {}, b""),
    ("lambda", "POST", "/2015-03-31/functions/%ff/invocations", {}, b"{}"),
    ("lambda", "POST", "/2015-03-31/functions/none/invocations", {}, DEEP),
    ("apigateway", "POST", "/restapis", {}, DEEP_OBJECT),
    ("apigateway", "POST", "/restapis?mode=import", {}, DEEP_OBJECT),
    ("apigateway", "POST", "/restapis?mode=import", {}, b"\xff"),
    ("apigateway", "GET", "/restapis/%2e%2e%2f", {}, b""),
    ("apigateway", "PUT", "/tags/%ff", {}, b"{}"),
    ("apigateway", "POST", "/restapis/a/resources/r/methods/POST", {}, DEEP),
]


@pytest.mark.parametrize(
    ("service", "method", "path", "headers", "body"),
    ODD,
    ids=[f"{n} {each[0]}" for n, each in enumerate(ODD)],
)
def test_an_odd_call_is_refused_in_words(
    sandbox: Sandbox, world: Path, service: str, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    log = world / "sandbox" / "sandbox.log"
    before = log.stat().st_size
    status, text = ask(sandbox, service, method, path, headers, body)
    assert 400 <= status < 500 or status == 501, text[:500]
    assert "InternalFailure" not in text
    assert b"Traceback" not in log.read_bytes()[before:]


@pytest.mark.parametrize(
    ("service", "path", "headers"),
    [
        ("dynamodb", "/", TARGET),
        ("iam", "/", FORM),
        ("apigateway", "/restapis", {}),
        ("lambda", "/2015-03-31/functions/none/invocations", {}),
    ],
)
def test_a_compressed_call_is_not_taken_for_a_broken_one(
    sandbox: Sandbox, service: str, path: str, headers: dict[str, str]
) -> None:
    status, text = ask(
        sandbox, service, "POST", path, {**headers, "Content-Encoding": "gzip"}, gzip.compress(b"{}")
    )
    assert status == 501
    assert "Not in this sandbox: compressed calls (Content-Encoding: gzip)" in text


@pytest.mark.parametrize("coding", ["amz-1.0", "Identity", ""])
def test_a_coding_that_compresses_nothing_is_none(sandbox: Sandbox, coding: str) -> None:
    """``amz-1.0`` is in sample requests of AWS's references (Simple Workflow Service, CloudWatch)."""
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Encoding": coding}
    assert ask(sandbox, "dynamodb", "POST", "/", headers, b"{}")[0] == 200


RAW = [
    b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://127.0.0.1/restapis HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET //restapis HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: \xff Credential=\xff/2/3/4/aws4_request\r\n\r\n",
    b"GET /_aws/execute-api/%ff/%ff/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /_aws/execute-api/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


@pytest.mark.parametrize("sent", RAW, ids=[str(each[:30]) for each in RAW])
def test_what_is_hardly_http_is_refused_or_hung_up_on(sandbox: Sandbox, world: Path, sent: bytes) -> None:
    log = world / "sandbox" / "sandbox.log"
    before = log.stat().st_size
    host, port = sandbox.endpoint_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        said = client.recv(1 << 16)
    assert said == b"" or said.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5", b"HTTP/1.0 4")), said[:200]
    assert b"Traceback" not in log.read_bytes()[before:]
    assert send(sandbox, "GET", "/_sandbox/status", {})[0] == 200


def _memory(pid: int) -> int:
    """MiB that the process has in memory (Linux)."""
    [line] = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in each]
    return int(line.split()[1]) // 1024


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Origin": "http://evil.example", "Content-Type": "text/plain"}, 403),
        ("/2015-03-31/functions", {}, 403),
        (
            "/2015-03-31/functions",
            {"Authorization": "AWS4-HMAC-SHA256 Credential=a/2/3/lambda/aws4_request"},
            403,
        ),
        ("/_sandbox/faults", {}, 413),
        ("/_aws/execute-api/none/prod/x", {}, 413),
    ],
    ids=["a page", "no keys", "unknown keys", "no secret", "an API"],
)
def test_the_large_bodies_of_strangers_are_not_kept(
    sandbox: Sandbox, path: str, headers: dict[str, str], status: int
) -> None:
    before, peak, found = _memory(sandbox.pid), 0, []

    def post() -> None:
        connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"), timeout=60)
        connection.request("POST", path, b"a" * 40_000_000, headers)
        found.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        peak = max(peak, _memory(sandbox.pid))
        threads[0].join(0.02)
        if not threads[0].is_alive():
            threads.pop(0)
            if not threads:
                break
    assert found == [status] * 4
    assert peak - before < 40, "megabytes, of 160 that were sent"


def test_an_unknown_key_is_named_in_the_services_words_before_the_body_is_read(sandbox: Sandbox) -> None:
    header = "AWS4-HMAC-SHA256 Credential=AKIANONE/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"
    said: dict[str, Any] = {}
    for service in ("iam", "dynamodb", "lambda"):
        said[service] = send(sandbox, "POST", "/", {"Authorization": header.format(service)}, b"x")
    assert "<Code>InvalidClientTokenId</Code>" in said["iam"][1]
    assert "UnrecognizedClientException" in said["dynamodb"][1]
    assert json.loads(said["lambda"][1].rpartition("\n")[2])["Type"] == "User"
