"""The requests of experiments: sent as a client would, measured, and told in a line each."""

import time
from collections.abc import Mapping
from typing import Any

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH_PART, STAGE
from lambda_over_https.practice.experiments.experiment import Seen
from lambda_over_https.tutorial.chapters import throttle
from lambda_over_https.tutorial.chapters.keys import usage_plan
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import ask, client_headers

SLACK = 1.2
"""How much longer than its limit asks a client waits, so that each request finds a token in the bucket."""


class Sender:
    """Sends requests to the deployed API; its clock begins with the first.

    A ``patient`` one keeps to the limits that the deployment itself may have (the chapters throttle and
    keys): what it sends gets through, whatever was sent before.
    """

    def __init__(self, stack: Stack, *, patient: bool = True) -> None:
        self._stack = stack
        self._patient = patient
        self._headers = client_headers(stack)
        self._began: float | None = None
        self.answer = Answer(0, {}, b"", 0.0)
        """The last answer."""

    @property
    def elapsed(self) -> float:
        """Seconds since the first request was sent."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    def _pace(self) -> float:
        """Seconds between two requests that the tightest limit lets through."""
        if self._stack.record(Kind.METHOD_SETTINGS, throttle.THROTTLE.name(self._stack)):
            return SLACK / throttle.RATE
        return SLACK / usage_plan.RATE if self._stack.record(Kind.USAGE_PLAN) else 0.0

    def echo(self, headers: Mapping[str, str] | None = None, note: str = "") -> Seen[Any]:
        """POST an echo."""
        event = as_text(ECHO.event(self._stack.names.table, ""))
        return self.send(METHOD, headers or {}, event, note)

    def send(
        self, verb: str, headers: Mapping[str, str], body: str = "", note: str = "", path: str = ""
    ) -> Seen[Any]:
        """Send a request to the method's URL (and ``path``), with what every client of it must send.

        An empty header is left out.
        """
        if self._patient and (pace := self._pace()):
            self._stack.run.wait(pace)
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        sent = {name: value for name, value in {**self._headers, **headers}.items() if value}
        self.answer = ask(self._stack, verb, path, sent, body)
        milliseconds = round(self.answer.seconds * 1000, 1)
        request = f"{verb} /{STAGE}/{PATH_PART}{path}"
        return Seen(request, self.answer.status, milliseconds, note, round(now - self._began, 4))
