"""What Lambda itself logs of a worker: as lines of text, or as JSON objects if the function asks for that.

JSON objects are events of the Telemetry API, each with a level (Lambda guide, "Configuring JSON and plain
text log formats" and "Log-level filtering"). The spans of platform.runtimeDone are left out.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from lambda_over_https.sandbox.lambda_.failures import TIMED_OUT, Failure
from lambda_over_https.sandbox.model.functions import Function
from lambda_over_https.sandbox.model.times import event_time

_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
_NAMES = {**{name: rank for rank, name in enumerate(_LEVELS)}, "WARNING": 3, "CRITICAL": 5}

Phase = Literal["init", "invoke"]
"""When a worker starts: before an invocation, or within it, when it has failed to start before."""


@dataclass(frozen=True, slots=True)
class Report:
    """How one invocation went. Durations are in seconds, memory in MiB; cold starts have an init_duration."""

    request_id: str
    duration: float
    memory_size: int
    memory_used: int | None
    init_duration: float | None
    produced: int = 0
    failure: Failure | None = None

    @property
    def billed(self) -> int:
        """Milliseconds that AWS bills: since August 2025 also those of a cold start."""
        return math.ceil((self.duration + (self.init_duration or 0.0)) * 1000)


class SystemLog(Protocol):
    """The texts of Lambda's own events; an empty one is not logged."""

    def init_start(self, runtime: str) -> str:
        """A worker starts; ``runtime`` is what runs it on this machine."""

    def remark(self, text: str) -> str:
        """What the sandbox has to say about the start."""

    def init_done(self, seconds: float, failure: Failure | None = None, phase: Phase = "init") -> list[str]:
        """The worker has started, or could not, before an invocation or (``phase`` "invoke") within it."""

    def start(self, request_id: str) -> str:
        """An invocation begins."""

    def failed(self, request_id: str, failure: Failure) -> str:
        """The invocation has no result."""

    def end(self, report: Report) -> list[str]:
        """The invocation has ended."""


def system_log(function: Function, initialization: str) -> SystemLog:
    """The log in the format that the function asks for; ``initialization`` is how its worker is started."""
    return _Json(function, initialization) if function.logging.json else _Text(function)


def admitting(function: Function) -> Callable[[bytes], bool]:
    """Whether a line of the function's output is logged: at its level, INFO if it names none.

    Text is logged whatever it says: only JSON has levels.
    """
    least = _NAMES[function.logging.application_level] if function.logging.json else 0
    return lambda line: least == 0 or _level_of(line) >= least


def _level_of(line: bytes) -> int:
    if line.startswith(b"{"):
        try:
            level = json.loads(line).get("level")
        except (ValueError, RecursionError):
            level = None
        if isinstance(level, str):
            return _NAMES.get(level.upper(), _NAMES["INFO"])
    return _NAMES["INFO"]


class _Text:
    def __init__(self, function: Function) -> None:
        self._version = function.version

    def init_start(self, runtime: str) -> str:
        return f"INIT_START Runtime Version: {runtime} of this machine\n"

    def remark(self, text: str) -> str:
        return f"{text}\n"

    def init_done(self, seconds: float, failure: Failure | None = None, phase: Phase = "init") -> list[str]:
        if failure is None:
            return []
        return [f"INIT_REPORT Init Duration: {seconds * 1000:.2f} ms\tPhase: {phase}\t{failure.report}\n"]

    def start(self, request_id: str) -> str:
        return f"START RequestId: {request_id} Version: {self._version}\n"

    def failed(self, request_id: str, failure: Failure) -> str:
        return failure.remark(request_id, event_time())

    def end(self, report: Report) -> list[str]:
        fields = [
            f"REPORT RequestId: {report.request_id}",
            f"Duration: {report.duration * 1000:.2f} ms",
            f"Billed Duration: {report.billed} ms",
            f"Memory Size: {report.memory_size} MB",
        ]
        if report.memory_used is not None:
            fields.append(f"Max Memory Used: {report.memory_used} MB")
        if report.init_duration is not None:
            fields.append(f"Init Duration: {report.init_duration * 1000:.2f} ms")
        if report.failure:
            fields.append(report.failure.report)
        return [f"END RequestId: {report.request_id}\n", "\t".join(fields) + "\t\n"]


class _Json:
    def __init__(self, function: Function, initialization: str) -> None:
        self._function = function
        self._initialization = initialization
        self._least = _NAMES[function.logging.system_level]

    def init_start(self, runtime: str) -> str:
        function = self._function
        named = {"functionName": function.name, "functionVersion": function.version}
        return self._event(
            "INFO",
            "initStart",
            {**self._of_init("init"), "runtimeVersion": f"{runtime} of this machine", **named},
        )

    def remark(self, text: str) -> str:
        return _line({"timestamp": event_time(), "level": "WARN", "message": text})

    def init_done(self, seconds: float, failure: Failure | None = None, phase: Phase = "init") -> list[str]:
        told = {**self._of_init(phase), **_status(failure)}
        level = "WARN" if failure else "DEBUG" if self._initialization == "on-demand" else "INFO"
        metrics = {"metrics": {"durationMs": _milliseconds(seconds)}}
        return [
            self._event("WARN" if failure else "DEBUG", "initRuntimeDone", told),
            self._event(level, "initReport", {**told, **metrics}),
        ]

    def _of_init(self, phase: Phase) -> dict[str, str]:
        return {"initializationType": self._initialization, "phase": phase}

    def start(self, request_id: str) -> str:
        return self._event("INFO", "start", {"requestId": request_id, "version": self._function.version})

    def failed(self, request_id: str, failure: Failure) -> str:
        del request_id, failure
        return ""  # platform.report tells it

    def end(self, report: Report) -> list[str]:
        told = {"requestId": report.request_id, **_status(report.failure)}
        duration = {"durationMs": _milliseconds(report.duration)}
        metrics: dict[str, Any] = {
            **duration,
            "billedDurationMs": report.billed,
            "memorySizeMB": report.memory_size,
        }
        if report.memory_used is not None:
            metrics["maxMemoryUsedMB"] = report.memory_used
        if report.init_duration is not None:
            metrics["initDurationMs"] = _milliseconds(report.init_duration)
        produced = {"metrics": {**duration, "producedBytes": report.produced}}
        return [
            self._event("WARN" if report.failure else "DEBUG", "runtimeDone", {**told, **produced}),
            self._event("WARN" if report.failure else "INFO", "report", {**told, "metrics": metrics}),
        ]

    def _event(self, level: str, kind: str, record: dict[str, Any]) -> str:
        if _NAMES[level] < self._least:
            return ""
        return _line({"time": event_time(), "type": f"platform.{kind}", "record": record})


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":")) + "\n"


def _status(failure: Failure | None) -> dict[str, str]:
    if failure is None:
        return {"status": "success"}
    if failure.kind == TIMED_OUT:
        return {"status": "timeout"}
    return {"status": "error", "errorType": failure.kind}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
