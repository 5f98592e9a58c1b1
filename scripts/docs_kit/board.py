"""Pictures of the board: real runs on the sandbox, as headless Chromium shows them, as PNG files.

As with the other pictures, a digest of what stands on the page is kept in the picture, without ids and times.
"""

import hashlib
import json
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docs_kit.pictures import LOH, VOLATILE, quietly, sandboxed, terminal
from tests.kit.board.browser import Browser, browser, missing

SHOWN = ("#step", "#steps", "#picture", "#reason", "#requests", "#exercise")
"""What must be the same in two runs. The order of the last calls is not: steps run side by side."""

SETTLED = """
const idle = document.querySelector('#dot').hidden && !document.getAnimations().length;
return idle && document.fonts.status === 'loaded';
"""
_KEYWORD = b"text"


def draw_board(folder: Path) -> None:
    """Write the pictures that are out of date."""
    for name, digest, picture in _pictures():
        path = folder / f"{name}.png"
        if _kept(path) != digest:
            path.write_bytes(_signed(picture, digest))


def outdated_board(folder: Path) -> list[str]:
    """The names of the pictures that no longer show what the board shows."""
    return [f"{name}.png" for name, digest, _ in _pictures() if _kept(folder / f"{name}.png") != digest]


def _pictures() -> Iterator[tuple[str, str, bytes]]:
    """Name, digest and content of each picture."""
    if why := missing():
        raise SystemExit(f"Error: {why}")
    with tempfile.TemporaryDirectory() as home, sandboxed(home) as environment, browser() as window:
        quietly(environment, "run", "--no-pause", "--to", "3.5")
        with _board(environment) as url:
            yield from _scenes(environment, window, url)
        quietly(environment, "teardown", "--yes")


def _scenes(environment: dict[str, str], window: Browser, url: str) -> Iterator[tuple[str, str, bytes]]:
    _open(window, url, "dark")
    subprocess.run([*LOH, "call", "echo"], env=environment, check=False, capture_output=True)
    window.until_text("#reason", "500")
    window.until_text("#count", "no items")
    yield "board-stop", *_seen(window)
    quietly(environment, "run", "--no-pause")
    _open(window, url, "light")
    quietly(environment, "call", "create", "--item", '{"Id": "1", "name": "Bob"}')
    for shown in ("create", "200"):  # the requests before it are the test's, whose last one is a delete
        window.until_text("#requests li:first-child", shown)
    window.until_text("#reason", "200")
    window.until_text("#count", "1 item")
    yield "board", *_seen(window)
    _open(window, url, "dark")
    with terminal(environment, "drill", "permission") as (read, press):
        window.until_text("#exercise-question", "?")
        window.press("1", *"2222222", *"33333")
        yield "board-drill", *_seen(window)
        read("q quits)")
        press("q")


def _open(window: Browser, url: str, scheme: str) -> None:
    window.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    window.open(url)
    window.until_text("#link", "live")
    window.until(lambda: window.run("return document.querySelector('#unseen').textContent === ''"))


def _seen(window: Browser) -> tuple[str, bytes]:
    window.until(lambda: window.run(SETTLED))
    words = " ".join(window.text(each) for each in SHOWN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seen.png"
        window.picture(path)
        return hashlib.sha256(VOLATILE.sub(" ", words).encode()).hexdigest(), path.read_bytes()


@contextmanager
def _board(environment: dict[str, str]) -> Iterator[str]:
    """A board, and its address."""
    command = [*LOH, "board", "--json", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout  # noqa: S101 - we asked for it
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def _kept(path: Path) -> str:
    """The digest in a PNG file; empty if there is none."""
    data = path.read_bytes() if path.exists() else b""
    _, found, rest = data.partition(b"tEXt" + _KEYWORD + b"\0")
    return rest[:64].decode("latin-1") if found else ""


def _signed(picture: bytes, digest: str) -> bytes:
    """The PNG file with the digest in a tEXt chunk, after the header (PNG specification, 11.3.4.3)."""
    header = 8 + 25
    content = b"tEXt" + _KEYWORD + b"\0" + digest.encode()
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return picture[:header] + chunk + picture[header:]
