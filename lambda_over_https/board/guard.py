"""Who may read the board: only the user's own browser, and only pages of the board itself.

The board listens on loopback, but so does every page of the user's browser reach loopback, and on a shared
machine every other user. So each request must name the board's own address (no DNS rebinding), must not come
from another site's page, and must know the secret part of the path.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path

from lambda_over_https.files import private_folder, read_regular, write_private

METHODS = ("GET", "HEAD")

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Every response has these: the page loads nothing from elsewhere, and no other page may use it."""

_TOKEN_FILE = "board.token"  # noqa: S105 - the name of a file
_TOKEN_BYTES = 16


def path_token(home: Path) -> str:
    """The secret part of the path, the same for every board of this user: an open page finds it again.

    Raises LohError or OSError if it cannot be kept.
    """
    path = private_folder(home) / _TOKEN_FILE
    try:
        token = read_regular(path, 1000).decode("ascii", "replace").strip()
    except FileNotFoundError:
        token = ""
    if not token.isalnum():
        token = secrets.token_hex(_TOKEN_BYTES)
        write_private(path, token.encode())
    return token


class Guard:
    """Judges requests to the board on ``port`` whose paths begin with ``token``."""

    def __init__(self, token: str, port: int) -> None:
        self._root = f"/{token}"
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))

    def refusal(self, method: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """The status and the words for a request that is not let in; None for one that is."""
        host = headers.get("host", "")
        if host not in self._hosts:
            return 403, "The board answers only to its own address on this machine."
        if headers.get("origin", f"http://{host}") != f"http://{host}":
            return 403, "The board answers no page of another site."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "The board answers no page of another site."
        if method not in METHODS:
            return 405, "The board can only be read."
        return None

    def inside(self, path: str) -> str | None:
        """The path below the secret part; None if it does not have that."""
        root, rest = path[: len(self._root)], path[len(self._root) :]
        return rest if secrets.compare_digest(root.encode(), self._root.encode()) else None
