"""What surrounds moto in the control plane: layers, and the response they may change on its way out.

What moto does not do (authorization, AWS's timing, AWS's refusals) is in *layers* around it, the first
outermost: each sees a call before moto does and may refuse it with AwsError, and sees the response and may
change it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError


@dataclass(slots=True)
class AwsResponse:
    """A call's answer on its way out; layers may change it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, document: dict[str, Any] | None = None) -> "AwsResponse":
        """A response of our own in JSON; without a ``document`` its body is empty."""
        response = cls(status, headers={"content-type": "application/json"})
        if document is not None:
            response.document = document
        return response

    @property
    def document(self) -> dict[str, Any]:
        """The body of a JSON answer, as a copy; assign it to change the body."""
        content: dict[str, Any] = json.loads(self.body or b"{}")
        return content

    @document.setter
    def document(self, content: dict[str, Any]) -> None:
        self.body = json.dumps(content, default=str).encode()
        self.headers.pop("x-amz-crc32", None)  # of the body that was; SDKs compare


Inner = Callable[[AwsCall], AwsResponse]
"""Asks the layers inside of a layer, and moto; an answer of status 300 and more is a refusal."""


class Layer:
    """A part of the control plane around moto; each method is optional. All run in the control thread."""

    def before(self, call: AwsCall) -> None:
        """Refuse the call by raising AwsError, or let it pass."""

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Answer the call without asking moto, or None; ``within`` asks other calls of what is inside."""
        del call, inner
        return None

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Amend the answer of a call that succeeded."""

    def reword(self, call: AwsCall, error: AwsError) -> AwsError:
        """Say moto's refusal of the call in AWS's words; ``error`` itself if it is said so already."""
        del call
        return error
