"""The ways in which an invocation ends without a result, in Lambda's words."""

import json
import signal
from dataclasses import dataclass

TIMED_OUT = "Sandbox.Timedout"
"""The kind of a failure for want of time."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result: the runtime's own ``document``, or else ``kind`` and ``reason``.

    ``report`` is what the REPORT line adds.
    """

    kind: str
    reason: str = ""
    document: bytes = b""
    report: str = ""

    def payload(self, request_id: str) -> bytes:
        """The error document for the caller."""
        if self.document:
            return self.document
        message = f"RequestId: {request_id} Error: {self.reason}"
        return json.dumps({"errorType": self.kind, "errorMessage": message}).encode()

    def remark(self, request_id: str, now: str) -> str:
        """What Lambda itself writes to the log. ``now`` is a time in ISO 8601."""
        if self.document:
            return ""
        if self.kind == TIMED_OUT:
            return f"{now} {request_id} {self.reason}\n\n"
        return f"RequestId: {request_id} Error: {self.reason}\n{self.kind}\n"


def reported_by_runtime(document: bytes) -> Failure:
    """The runtime reports that the handler could not be loaded."""
    try:
        kind = str(json.loads(document)["errorType"])
    except (ValueError, KeyError, TypeError):
        kind = "Runtime.Unknown"
    return Failure(kind, document=document, report=f"Status: error\tError Type: {kind}")


def exited(code: int) -> Failure:
    """The process ended. ``code`` is negative if a signal ended it."""
    return Failure("Runtime.ExitError", _reason(code), report="Status: error\tError Type: Runtime.ExitError")


def out_of_memory() -> Failure:
    """The process was killed because it used too much memory."""
    return Failure(
        "Runtime.ExitError", _reason(-signal.SIGKILL), report="Status: error\tError Type: Runtime.OutOfMemory"
    )


def timed_out(seconds: float) -> Failure:
    """The process was killed because it took too long."""
    return Failure(TIMED_OUT, f"Task timed out after {seconds:.2f} seconds", report="Status: timeout")


def _reason(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    if code < 0:
        return f"Runtime exited with error: signal: {(signal.strsignal(-code) or str(-code)).lower()}"
    return f"Runtime exited with error: exit status {code}"
