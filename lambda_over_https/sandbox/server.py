"""The sandbox's process: ``python -m lambda_over_https.sandbox.server``; the command line starts it.

It says one line on standard output, the record of the running sandbox as JSON, when it is ready to serve;
everything else goes to its log.
"""

import argparse
import asyncio
import contextlib
import datetime
import errno
import fcntl
import json
import logging
import os
import signal
import ssl
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from lambda_over_https.files import write_private
from lambda_over_https.sandbox.client.daemon import DEFAULT_PORT
from lambda_over_https.sandbox.components import Components, clear_folders
from lambda_over_https.sandbox.garbage import QuietCollector
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web import certificates
from lambda_over_https.sandbox.web.http import (
    LOOPBACK,
    Handler,
    Listener,
    Request,
    Response,
    json_response,
    listen,
)

Record = dict[str, str | float]


def main() -> None:
    """Serve until SIGTERM, SIGINT or the stop request."""
    options = _options()
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    with contextlib.suppress(PermissionError):  # already its own: started by hand from a shell
        os.setsid()  # out of the terminal's reach: its ^C and its end are not ours
    os.umask(0o077)
    # The event loop must get the interpreter back quickly while moto's thread works.
    sys.setswitchinterval(0.0005)
    try:
        with _alive(options.home):
            asyncio.run(_serve(options))
    except (OSError, AwsError) as error:
        taken = getattr(error, "errno", 0) == errno.EADDRINUSE
        hint = "Choose another one with --port; 0 takes any that are free." if taken else ""
        _announce({"error": getattr(error, "message", str(error)), "hint": hint})
        raise


@contextlib.contextmanager
def _alive(home: Path) -> Iterator[None]:
    """Hold the lock by which clients know that this process lives; nothing of an earlier one survives.

    It is never let go of: the system does that when the process is no more, which may be a while later.
    """
    lock = os.open(home / "alive.lock", os.O_WRONLY | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (home / "sandbox.json").unlink(missing_ok=True)
    clear_folders(home)
    try:
        yield
    finally:
        clear_folders(home)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lambda_over_https.sandbox.server")
    parser.add_argument("--home", type=Path, required=True, help="folder for the sandbox's files")
    parser.add_argument("--port", type=int, help="HTTP port; HTTPS takes the next one; 0 for any free ones")
    parser.add_argument("--timing-factor", type=float, default=0, help="how much of AWS's waiting; 0: none")
    parser.add_argument("--fault", action="append", default=[], help="switch a fault on from the start")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    home, port = options.home, options.port
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    front: asyncio.Future[Handler] = asyncio.get_running_loop().create_future()

    async def handle(request: Request) -> Response:
        return await (await front)(request)

    bundle = home / "ca.pem"
    tls = certificates.issue(bundle)
    async with contextlib.AsyncExitStack() as cleanup:
        http = await _listen(handle, port, DEFAULT_PORT)
        cleanup.push_async_callback(http.close)
        https = await _listen(handle, port and port + 1, DEFAULT_PORT + 1, tls)
        cleanup.push_async_callback(https.close)
        record = _record(http, https, bundle, options.timing_factor)
        parts = Components(home, http.port, options.timing_factor)
        cleanup.push_async_callback(parts.close)
        for fault in options.fault:
            parts.switch(fault, on=True)
        front.set_result(parts.front(_endpoints(record, stop)).handle)
        cleanup.callback(QuietCollector().close)
        file = home / "sandbox.json"
        cleanup.callback(file.unlink, missing_ok=True)
        write_private(file, json.dumps(record).encode())
        _announce(record)
        cleanup.callback(asyncio.create_task(parts.warm_up()).cancel)
        await stop.wait()


async def _listen(
    handler: Handler, port: int | None, default: int, tls: ssl.SSLContext | None = None
) -> Listener:
    if port is not None:
        return await listen(handler, port, tls)
    try:
        return await listen(handler, default, tls)
    except OSError:
        return await listen(handler, 0, tls)


def _record(http: Listener, https: Listener, bundle: Path, timing_factor: float) -> Record:
    return {
        "endpoint_url": f"http://{LOOPBACK}:{http.port}",
        "https_url": f"https://{LOOPBACK}:{https.port}",
        "ca_bundle": str(bundle),
        "pid": os.getpid(),
        "boot_id": uuid.uuid4().hex,
        "account": ACCOUNT,
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "timing_factor": timing_factor,
    }


def _endpoints(record: Record, stop: asyncio.Event) -> dict[str, Handler]:
    async def status(_: Request) -> Response:
        return json_response(200, record)

    async def halt(request: Request) -> Response:
        if request.method != "POST":  # a picture's address in a page must not end it
            return json_response(405, {"message": "Use POST"})
        stop.set()  # whoever asks may not get this answer, and looks at the lock instead
        return json_response(202, record)

    return {"/_sandbox/status": status, "/_sandbox/stop": halt}


def _announce(record: Record) -> None:
    """Say the one line, and nothing ever after: whoever started us reads no further."""
    os.write(1, json.dumps(record).encode() + b"\n")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)


if __name__ == "__main__":
    main()
