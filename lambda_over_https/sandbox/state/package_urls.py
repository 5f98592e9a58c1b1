"""The URLs by which Lambda hands out the package of a function or layer: Code.Location and Content.Location.

On AWS they are presigned URLs of S3. Here they lead to the sandbox; only who was told one can use it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.web.http import Request, Response, json_response

PATH = "/_aws/lambda-code/"
"""Where the sandbox serves packages."""

_URL = re.compile(PATH + r"([0-9a-f]{64})/([0-9a-f]{64})")
_LAYERS = frozenset({"PublishLayerVersion", "GetLayerVersion", "GetLayerVersionByArn"})


class PackageUrls(Layer):
    """Puts the URLs into responses, and serves them.

    ``base_url`` is where the sandbox serves HTTP; ``find`` gives the package whose SHA-256 in hexadecimal is
    that, or None.
    """

    services = frozenset({"lambda"})

    def __init__(self, base_url: str, find: Callable[[str], bytes | None]) -> None:
        self._base_url = base_url
        self._find = find
        self._key = secrets.token_bytes(32)

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Say where the package is."""
        document = response.document if call.operation in {"GetFunction", *_LAYERS} else {}
        if call.operation == "GetFunction":
            document["Code"]["Location"] = self._url(document["Configuration"]["CodeSha256"])
        elif call.operation in _LAYERS:
            document["Content"]["Location"] = self._url(document["Content"]["CodeSha256"])
        else:
            return
        response.document = document

    async def handle(self, request: Request) -> Response:
        """Serve a package."""
        match = _URL.fullmatch(request.path)
        if (
            request.method != "GET"
            or match is None
            or not hmac.compare_digest(match[2], self._proof(match[1]))
        ):
            return json_response(403, {"message": "Ask GetFunction or GetLayerVersion for the URL"})
        content = self._find(match[1])
        if content is None:
            return json_response(404, {"message": "The package is gone"})
        return Response(200, content, [("Content-Type", "application/zip")])

    def _url(self, code_sha_256: str) -> str:
        digest = base64.b64decode(code_sha_256).hex()
        return f"{self._base_url}{PATH}{digest}/{self._proof(digest)}"

    def _proof(self, digest: str) -> str:
        return hmac.new(self._key, digest.encode(), hashlib.sha256).hexdigest()
