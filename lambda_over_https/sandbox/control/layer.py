"""Layers around moto do what moto does not: authorization, AWS's timing, AWS's refusals.

The first layer is the outermost. Each sees a call before the layers inside it do, and may refuse it with
AwsError. On the way out each sees the response, and may change it.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError


@dataclass(slots=True)
class AwsResponse:
    """The response to a call; layers may change it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, document: dict[str, Any] | None = None) -> "AwsResponse":
        """A JSON response that does not come from moto. Without a ``document`` its body is empty."""
        response = cls(status, headers={"content-type": "application/json"})
        if document is not None:
            response.document = document
        return response

    @classmethod
    def xml(cls, operation: str, namespace: str, result: str = "") -> "AwsResponse":
        """A response of IAM or STS that does not come from moto; ``result`` is XML, if there is any."""
        request_id = str(uuid.uuid4())
        told = f"<{operation}Result>{result}</{operation}Result>" if result else ""
        body = (
            f'<{operation}Response xmlns="{namespace}">{told}<ResponseMetadata><RequestId>{request_id}'
            f"</RequestId></ResponseMetadata></{operation}Response>"
        )
        return cls(200, body.encode(), {"content-type": "text/xml", "x-amzn-requestid": request_id})

    @property
    def document(self) -> dict[str, Any]:
        """The body of a JSON response, as a copy. Assign it to change the body."""
        content: dict[str, Any] = json.loads(self.body or b"{}")
        return content

    @document.setter
    def document(self, content: dict[str, Any]) -> None:
        self.body = json.dumps(content, default=str).encode()
        self.headers.pop("x-amz-crc32", None)  # the checksum of the old body, which SDKs compare


Inner = Callable[[AwsCall], AwsResponse]
"""Makes a call of the layers inside a layer, and of moto. A response of status 300 or more is a refusal."""


class Layer:
    """A layer of the control plane. Each method is optional; all run in the control thread."""

    services: ClassVar[frozenset[str]] = frozenset()
    """The services whose calls it sees, by botocore's names; empty for those of all."""

    def before(self, call: AwsCall) -> None:
        """Raise AwsError to refuse the call."""

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Answer the call in place of moto, or return None; ``inner`` makes other calls of what is inside."""
        del call, inner
        return None

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Change the response to a call that succeeded."""

    def reword(self, call: AwsCall, error: AwsError) -> AwsError:
        """Put moto's refusal into AWS's words; return ``error`` itself if nothing needs to change."""
        del call
        return error
