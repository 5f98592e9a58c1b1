"""Thousands of mixed requests, code updates and broken handlers in between: nothing is lost or crossed."""

import http.client
import json
import os
import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.deployment.handler.sources import build_archive
from tests.kit.program.support import Account, loh
from tests.kit.sandbox.lambda_lab import eventually
from tests.kit.sandbox.workers import workers

CLIENTS = 8
REQUESTS = int(os.environ.get("LAMBDA_OVER_HTTPS_SOAK", "4000"))

# How often each operation is sent. An exit is rare: the next request waits for a new worker.
KINDS = {"echo": 500, "create": 200, "read": 200, "fly": 45, "raise": 45, "flood": 8, "exit": 2}

# The tutorial's handler, a version mark, and three ways to break: an exception, an exit, a flood of output.
BROKEN = """

_handler, VERSION = handler, {version}


def handler(event, context):
    operation = event.get("operation")
    if operation == "version":
        return VERSION
    if operation == "raise":
        raise RuntimeError("broken " + event["payload"]["mark"])
    if operation == "exit":
        import os
        os._exit(3)
    if operation == "flood":
        print("x" * 100_000)
    return _handler(event, context) if operation != "flood" else event["payload"]["mark"]
"""
SOURCE = (Path(__file__).parents[2] / "function" / "LambdaFunctionOverHttps.py").read_text()


class Client:
    """One client with one kept connection; counts its answers by kind."""

    def __init__(self, number: int, url: str, table: str) -> None:
        self._random = random.Random(number)
        self._url = urlsplit(url)
        self._table = table
        self._number = number
        self._connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=60)
        self.seen: Counter[str] = Counter()

    def run(self, requests: int) -> "Client":
        """Send so many requests, and check each answer against its own request."""
        for index in range(requests):
            self._one(f"{self._number}-{index}")
        self._connection.close()
        return self

    def _one(self, mark: str) -> None:
        kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
        status, body = self._post(kind, self._payload(kind, mark))
        self.seen[kind] += 1
        match kind:
            case "echo":
                assert (status, body) == (200, {"mark": mark})
            case "create":
                assert status == 200, body
            case "read":
                assert status == 200, body
                assert body.get("Item", {}).get("Id", self._own_id) == self._own_id
            case "fly":
                assert status == 400, body
            case "raise":
                assert (status, body) == (500, {"message": f"broken {mark}"})
            case "exit":
                assert status == 500, body
                assert "exit status 3" in body["message"]
            case "flood":
                assert (status, body) == (200, mark)

    @property
    def _own_id(self) -> str:
        return f"client-{self._number}"

    def _payload(self, kind: str, mark: str) -> dict[str, Any]:
        if kind == "create":
            return {"Item": {"Id": self._own_id, "mark": mark}}
        return {"Key": {"Id": self._own_id}} if kind == "read" else {"mark": mark}

    def _post(self, operation: str, payload: dict[str, Any]) -> tuple[int, Any]:
        event = {"operation": operation, "tableName": self._table, "payload": payload}
        self._connection.request("POST", self._url.path, json.dumps(event))
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds (Linux)."""
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def _update(account: Account, function: str, clients: list[Client], running: list[Future[Client]]) -> int:
    """Put new code in place after every tenth of the requests, until all are sent; how often."""
    versions = 0
    while wait(running, timeout=0.05).not_done:
        if sum(client.seen.total() for client in clients) > (versions + 1) * REQUESTS / 10:
            versions += 1
            _put(account, function, versions)
    return versions


def _put(account: Account, function: str, version: int) -> None:
    source = (SOURCE + BROKEN.replace("{version}", str(version))).encode()
    account.client("lambda").update_function_code(
        FunctionName=function, ZipFile=build_archive(source, "python")
    )


def test_no_answer_is_lost_or_crossed_and_nothing_leaks(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    function, table = f"{name}-LambdaFunctionOverHttps", f"{name}-LambdaTable"
    api = next(
        each["id"]
        for each in loh("status", "--name", name, "--json").json["resources"]
        if each["kind"] == "apigateway:restapi"
    )
    url = f"{account.sandbox.endpoint_url}/_aws/execute-api/{api}/prod/DynamoDBManager"
    _put(account, function, 0)
    Client(99, url, table).run(300)  # warm, so that what comes is compared with a sandbox at work
    before = _resident(account.sandbox.pid)
    clients = [Client(number, url, table) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client.run, REQUESTS // CLIENTS) for client in clients]
        updates = _update(account, function, clients, running)
        for each in running:
            each.result()
    assert updates >= 5
    seen = sum((client.seen for client in clients), Counter[str]())
    assert seen.total() == REQUESTS // CLIENTS * CLIENTS
    assert set(seen) == set(KINDS)
    # The flood and the logs are kept (that is their purpose), up to 1 MB a request; nothing else may grow.
    kept = sum(
        len(each["message"])
        for each in account.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    )
    assert _resident(account.sandbox.pid) < 2 * before + 4 * kept
    assert 1 <= len(workers(account.sandbox.pid, function)) <= CLIENTS
    gone = loh("teardown", "--name", name, "--yes")
    assert gone.code == 0, gone.err
    assert eventually(lambda: not workers(account.sandbox.pid, function)), "no function, no worker"
