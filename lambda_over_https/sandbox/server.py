"""The sandbox's process: ``python -m lambda_over_https.sandbox.server``. The command line starts it.

When it is ready to serve it writes one line to standard output: the record of the running sandbox, as JSON.
Everything else goes to its log.
"""

import argparse
import asyncio
import contextlib
import datetime
import errno
import fcntl
import json
import logging
import logging.handlers
import os
import resource
import secrets
import signal
import ssl
import sys
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from lambda_over_https.files import write_private
from lambda_over_https.sandbox.client.daemon import DEFAULT_PORT
from lambda_over_https.sandbox.components import Components, clear_folders
from lambda_over_https.sandbox.dispatcher import PUBLIC_BODY, Dispatcher
from lambda_over_https.sandbox.garbage import QuietCollector
from lambda_over_https.sandbox.iam.callers.access_keys import new_key_pair
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web import certificates
from lambda_over_https.sandbox.web.http import (
    LOOPBACK,
    Admit,
    Handler,
    Listener,
    Request,
    Response,
    json_response,
    listen,
)

OPEN_FILES = 8192
"""More than thirty programs at a time need, and no more than macOS grants."""

LOG_BYTES = 1_000_000
"""Of the log; as many are kept of what was logged before."""

Record = dict[str, str | float]


def main() -> None:
    """Serve until SIGTERM, SIGINT or a request to ``/_sandbox/stop``."""
    options = _options()
    log_to(options.home / "sandbox.log")
    with contextlib.suppress(PermissionError):  # it leads its session already: started by hand from a shell
        os.setsid()  # ^C in the terminal, or closing it, must not end the sandbox
    os.umask(0o077)
    _open_more_files()
    # While moto's thread works, the event loop must get the interpreter back quickly.
    sys.setswitchinterval(0.0005)
    try:
        with _alive(options.home):
            asyncio.run(_serve(options))
    except (OSError, AwsError) as error:
        port_taken = getattr(error, "errno", 0) == errno.EADDRINUSE
        hint = "Choose another port with --port; --port 0 takes any free one." if port_taken else ""
        _announce({"error": getattr(error, "message", str(error)), "hint": hint})
        raise


def log_to(file: Path) -> None:
    """Log to ``file``, which is put aside when it is full: whoever can call an API can fill it."""
    handler = logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=1)
    logging.basicConfig(
        handlers=[handler], level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )


def _open_more_files() -> None:
    """Raise the limit of open files as far as it goes: each client's connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if most > soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextlib.contextmanager
def _alive(home: Path) -> Iterator[None]:
    """Hold the lock that tells clients that this process lives, and clear what an earlier process left.

    The lock is never released here: the system does that when the process has really ended.
    """
    lock = os.open(home / "alive.lock", os.O_WRONLY | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
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
    parser.add_argument(
        "--timing-factor",
        type=float,
        default=0,
        help="how much of AWS's waiting to imitate: 0 for none, 1 for as much as on AWS",
    )
    parser.add_argument("--fault", action="append", default=[], help="switch a fault on from the start")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    stop = _stop_event()
    dispatcher: asyncio.Future[Dispatcher] = asyncio.get_running_loop().create_future()

    async def handle(request: Request) -> Response:
        return await (await dispatcher).handle(request)

    def admit(request: Request) -> Response | int:
        return dispatcher.result().admit(request) if dispatcher.done() else PUBLIC_BODY

    async with contextlib.AsyncExitStack() as cleanup:
        bundle = options.home / certificates.CA_BUNDLE
        http, https = await _listeners(handle, admit, options.port, certificates.issue(bundle), cleanup)
        record = _record(http, https, bundle, options.timing_factor)
        operator, secret = new_key_pair(), secrets.token_urlsafe(32)
        https_url = f"https://{LOOPBACK}:{https.port}"
        components = Components(options.home, http.port, operator, options.timing_factor, https_url)
        cleanup.push_async_callback(components.close)
        for fault in options.fault:
            components.switch(fault, on=True)
        dispatcher.set_result(components.dispatcher(_endpoints(record, stop), secret))
        cleanup.callback(QuietCollector().close)
        file = options.home / "sandbox.json"
        cleanup.callback(file.unlink, missing_ok=True)
        whole = {**record, **asdict(operator), "secret": secret}
        write_private(file, json.dumps(whole).encode())
        _announce(whole)
        cleanup.callback(asyncio.create_task(components.warm_up()).cancel)
        await stop.wait()


def _stop_event() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _listeners(
    handler: Handler, admit: Admit, port: int | None, tls: ssl.SSLContext, cleanup: contextlib.AsyncExitStack
) -> tuple[Listener, Listener]:
    """The listeners for HTTP and HTTPS; ``cleanup`` closes them."""
    http = await _listen(handler, admit, port, DEFAULT_PORT)
    cleanup.push_async_callback(http.close)
    https = await _listen(handler, admit, port and port + 1, DEFAULT_PORT + 1, tls)
    cleanup.push_async_callback(https.close)
    return http, https


async def _listen(
    handler: Handler, admit: Admit, port: int | None, default: int, tls: ssl.SSLContext | None = None
) -> Listener:
    if port is not None:
        return await listen(handler, port, tls, admit)
    try:
        return await listen(handler, default, tls, admit)
    except OSError:
        return await listen(handler, 0, tls, admit)


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
        if request.method != "POST":  # a page that names this address as an image's must not end the sandbox
            return json_response(405, {"message": "Use POST"})
        stop.set()  # the caller may not get this answer: it watches the lock instead
        return json_response(202, record)

    return {"/_sandbox/status": status, "/_sandbox/stop": halt}


def _announce(record: Record) -> None:
    """Write the one line, then close standard output for good: the client reads no further."""
    os.write(1, json.dumps(record).encode() + b"\n")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)


if __name__ == "__main__":
    main()
