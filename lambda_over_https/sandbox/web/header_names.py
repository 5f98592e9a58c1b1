"""Names of response headers in the case in which AWS writes them; uvicorn would write them in lower case."""

import functools


class AsWritten(bytes):
    """A name that is in no other case."""

    def lower(self) -> "AsWritten":
        """The name itself: uvicorn asks for this when it writes a header."""
        return self


class _Known(AsWritten):
    """A name that uvicorn itself looks for; it equals itself in lower case."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, bytes) and bytes.lower(self) == bytes.lower(other)

    def __hash__(self) -> int:
        return hash(bytes.lower(self))


@functools.lru_cache(1024)
def written(name: str) -> AsWritten:
    """The name as it is sent."""
    encoded = name.encode("latin-1")
    known = encoded.lower() in (b"connection", b"content-length", b"transfer-encoding")
    return _Known(encoded) if known else AsWritten(encoded)
