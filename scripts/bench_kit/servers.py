"""The sandbox's peers as running servers: start them, wait until they are ready, measure, stop."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import boto3  # noqa: TID251 - from outside, as any other program

from bench_kit.peers import ROOT, node_peers, python_peer
from bench_kit.world import World

READY_SECONDS = 60.0

SERVERLESS = """
service: bench
frameworkVersion: "3"
provider: {{name: aws, runtime: nodejs20.x}}
plugins: [serverless-offline]
functions:
  tutorial:
    handler: LambdaFunctionOverHttps.handler
    environment: {{TABLE_NAME: LambdaTable, AWS_ENDPOINT_URL_DYNAMODB: "{dynamodb}", AWS_REGION: us-east-1}}
    events:
      - http:
          path: DynamoDBManager
          method: post
          integration: lambda
          request: {{template: {{application/json: "$input.json('$')"}}}}
custom:
  serverless-offline:
    {{host: 127.0.0.1, httpPort: {http}, lambdaPort: {invoke}, albPort: {alb}, noTimeout: true}}
"""


@dataclass(frozen=True)
class Server:
    """A running peer: its URL, its processes, and the seconds from its start until it answered."""

    url: str
    pids: Sequence[int]
    start_s: float


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def ministack(world: World, say: Callable[[str], None]) -> Iterator[Server]:
    """MiniStack; AbsentPeerError if it cannot be installed."""
    command, port = python_peer("ministack", say), free_port()
    environment = {
        **world.environment,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }
    with _running([command], environment, world.home) as (process, began):
        _until_answers(port)
        yield Server(f"http://127.0.0.1:{port}", [process.pid], time.perf_counter() - began)


@contextlib.contextmanager
def serverless_offline(world: World, say: Callable[[str], None]) -> Iterator[Server]:
    """serverless-offline with the tutorial's JavaScript function, and dynalite as its DynamoDB."""
    modules = node_peers(say)
    folder = world.home / "serverless"
    folder.mkdir()
    (folder / "node_modules").symlink_to(modules)
    shutil.copy(ROOT / "function" / "LambdaFunctionOverHttps.js", folder)
    http_port, dynamodb_port = free_port(), free_port()
    dynamodb = f"http://127.0.0.1:{dynamodb_port}"
    ports = {"http": http_port, "invoke": free_port(), "alb": free_port()}
    (folder / "serverless.yml").write_text(SERVERLESS.format(dynamodb=dynamodb, **ports))
    environment = {
        **world.aws_environment(dynamodb),
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
    }
    loopback = ["--host", "127.0.0.1", "--port", str(dynamodb_port)]
    dynalite: list[str | Path] = [modules / ".bin" / "dynalite", *loopback, "--createTableMs", "1"]
    # The function needs JSON.rawJSON, which Node.js 20 has behind this flag.
    node = ["node", "--harmony-json-parse-with-source"]
    offline: list[str | Path] = [
        *node,
        modules / ".bin" / "serverless",
        "offline",
        "start",
        "--stage",
        "prod",
    ]
    with _running(dynalite, environment, folder) as (table_server, _):
        _until_answers(dynamodb_port)
        _create_table(dynamodb)
        with _running(offline, environment, folder) as (process, began):
            _until_answers(http_port)
            pids = [process.pid, table_server.pid]
            url = f"http://127.0.0.1:{http_port}/prod/DynamoDBManager"
            yield Server(url, pids, time.perf_counter() - began)


def _create_table(endpoint_url: str) -> None:
    session = boto3.Session("test", "test", region_name="us-east-1")
    dynamodb = session.client("dynamodb", endpoint_url=endpoint_url)
    dynamodb.create_table(
        TableName="LambdaTable",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    waiter = dynamodb.get_waiter("table_exists")
    waiter.wait(TableName="LambdaTable", WaiterConfig={"Delay": 1, "MaxAttempts": 30})


@contextlib.contextmanager
def _running(
    command: Sequence[str | Path], environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(each) for each in command],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process, began
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started: together they are a process group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _until_answers(port: int) -> None:
    deadline = time.perf_counter() + READY_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
