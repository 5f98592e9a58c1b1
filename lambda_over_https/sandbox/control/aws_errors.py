"""Errors in the protocols of AWS's services: written for clients, and read from moto's responses."""

import json
import re
import uuid
from typing import Final
from xml.sax.saxutils import escape, unescape

from lambda_over_https.sandbox.control.aws_calls import JSON, PROTOCOLS, QUERY, REST_JSON
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Response

# Errors whose text is in "Message": two of Lambda's, by its model, and one of API Gateway's, as recorded.
_CAPITAL: Final = frozenset({"ResourceNotFoundException", "SerializationException", "ServiceException"})

_ALSO_XML: Final = frozenset(
    [
        "autoscaling",
        "cloudformation",
        "cloudfront",
        "cloudsearch",
        "ec2",
        "elasticache",
        "elasticbeanstalk",
        "elasticloadbalancing",
        "email",
        "rds",
        "redshift",
        "route53",
        "s3",
        "ses",
        "sns",
    ]
)
"""Services that the sandbox does not serve and whose SDKs read XML, by the names in signatures."""


def error_response(service: str, error: AwsError, **members: str) -> Response:
    """Answer ``error`` in the protocol of ``service``, so that every SDK reads its code and message.

    ``members`` are more members of a REST-JSON response.
    """
    request_id = str(uuid.uuid4())
    ids = (("x-amzn-RequestId", request_id),)
    protocol = PROTOCOLS.get(service, REST_JSON)
    if protocol == QUERY or service in _ALSO_XML:
        body = _xml(error, request_id, "Errors" if service == "ec2" else "")
        return Response(error.status, body, (("Content-Type", "text/xml"), *ids))
    if protocol == JSON:
        body = json.dumps({"__type": error.code, "message": error.message}).encode()
        return Response(error.status, body, (("Content-Type", "application/x-amz-json-1.1"), *ids))
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", error.code), *ids)
    document = {"Message" if error.code in _CAPITAL else "message": error.message, **members}
    if service == "lambda" and error.typed:
        document["Type"] = "User" if error.status < 500 else "Service"
    elif service not in PROTOCOLS:
        document["__type"] = error.code  # a client of an unknown protocol may find one of the two
    return Response(error.status, json.dumps(document).encode(), headers)


def read_error(service: str, status: int, body: bytes) -> AwsError:
    """Read an error from a response in the protocol of ``service``."""
    if PROTOCOLS[service] == QUERY:
        text = body.decode(errors="replace")
        found = {name: re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL) for name in ("Code", "Message")}
        code, message = (unescape(match[1]) if match else "" for match in found.values())
        return AwsError(code, message, status)
    try:
        content = json.loads(body)
    except ValueError:
        content = {}
    message = content.get("message") or content.get("Message") or ""
    return AwsError(str(content.get("__type", "")).rpartition("#")[2], message, status)


def _xml(error: AwsError, request_id: str, around: str = "") -> bytes:
    """The error as XML; EC2 has an element ``around`` it."""
    fault = "Sender" if error.status < 500 else "Receiver"
    told = (
        f"<Error><Type>{fault}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
    )
    told = f"<{around}>{told}</{around}>" if around else told
    return f"<ErrorResponse>{told}<RequestId>{request_id}</RequestId></ErrorResponse>".encode()
