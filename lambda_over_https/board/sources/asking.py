"""Asks the running sandbox for a document, on the event loop."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.sandbox.client.record import Sandbox


async def ask(sandbox: Sandbox, path: str) -> Any:
    """The document at one of its own paths. OSError, EOFError or ValueError if there is none."""
    address = urlsplit(sandbox.endpoint_url)
    head = f"Host: {address.netloc}\r\nAuthorization: Bearer {sandbox.secret}\r\nConnection: close\r\n"
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        said = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in said.partition(b"\r\n")[0]:
            raise ValueError(said)
        return json.loads(await reader.read())
    finally:
        writer.close()
