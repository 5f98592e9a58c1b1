"""Pictures of the program at work: real runs on a terminal, against the sandbox, drawn as SVG by rich.

Two runs never show the same ids and times, so a picture counts as current if its text is, with those
left out; a digest of that text is kept in the picture.
"""

import hashlib
import io
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS, ROWS = 98, 44
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
LOH = [sys.executable, "-m", "lambda_over_https"]
_DIGEST = re.compile(r"<!-- text ([0-9a-f]{64}) -->")
VOLATILE = re.compile(
    r"less than a minute|\d+ minutes?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z0-9]{21}|\b[a-z0-9]{10}\b"
    r"|\b\d\d:\d\d\b|(tutorial|verify)-[0-9a-f]{16}|snapshot [0-9a-f]+|/\S+\.(pem|zip)|127\.0\.0\.1:\d+"
    r"|\d+(\.\d+)? m?s\b|\s+"
)
_SPINNER = re.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


def draw(folder: Path) -> None:
    """Write the pictures that are out of date."""
    for name, title, screen in _screens():
        path = folder / f"{name}.svg"
        if _kept(path) != _digest(screen):
            path.write_text(_svg(title, screen))


def outdated_pictures(folder: Path) -> list[str]:
    """The names of the pictures that no longer show what the program shows."""
    return [
        f"{name}.svg" for name, _, screen in _screens() if _kept(folder / f"{name}.svg") != _digest(screen)
    ]


def _kept(path: Path) -> str:
    found = _DIGEST.search(path.read_text()) if path.exists() else None
    return found.group(1) if found else ""


def _digest(screen: str) -> str:
    return hashlib.sha256(VOLATILE.sub(" ", _ESCAPES.sub("", screen)).encode()).hexdigest()


def _svg(title: str, screen: str) -> str:
    out = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    out.print(Text.from_ansi(screen.strip("\n")))
    svg = out.export_svg(title=title, unique_id="loh")
    # The fonts are of a server on the internet; a picture should not depend on one.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", FONTS)
    return svg.replace("</svg>", f"<!-- text {_digest(screen)} -->\n</svg>")


def _screens() -> Iterator[tuple[str, str, str]]:
    """Name, title and text of each picture, with the path of the state folder as a user has it."""
    with tempfile.TemporaryDirectory() as home, sandboxed(home) as environment:
        for name, title, screen in _runs(environment):
            yield name, title, screen.replace(home, "~/.local/state/lambda-over-https")


def _runs(environment: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    quietly(environment, "run", "--no-pause", "--to", "3.5")
    with terminal(environment, "run", "--pause") as (read, press):
        page = read(" quit")
        press("\r")
        answer = read(" quit")
        press("q")
        read(" no")
        press("y")
        read("Continue with")
    yield "walk", "loh run", f"{page}\n{answer}".rstrip()
    quietly(environment, "run", "--no-pause")
    with terminal(environment, "status") as (read, _):
        yield "status", "loh status", read("removes it.")
    with terminal(environment, "drill", "permission") as (read, press):
        question = read("q quits)")
        press("b")
        broken = read(" the program")
        press("\r")
        yield "drill", "loh drill permission", question + broken + read("every check passes.")
    quietly(environment, "teardown", "--yes")


@contextmanager
def sandboxed(home: str) -> Iterator[dict[str, str]]:
    """A sandbox of its own, and the environment for programs to use it."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "LAMBDA_OVER_HTTPS_"))
    }
    size = {"COLUMNS": str(COLUMNS), "LINES": str(ROWS), "TERM": "xterm-256color"}
    environment = {**kept, **size, "LAMBDA_OVER_HTTPS_HOME": home}
    environment.pop("NO_COLOR", None)
    try:
        yield environment
    finally:
        quietly(environment, "sandbox", "stop")


def quietly(environment: dict[str, str], *arguments: str) -> None:
    """Run the program, which must do what it is told."""
    subprocess.run([*LOH, *arguments], env=environment, check=True, capture_output=True)


@contextmanager
def terminal(
    environment: dict[str, str], *arguments: str
) -> Iterator[tuple[Callable[[str], str], Callable[[str], object]]]:
    """Run the program on a terminal: gives functions to read up to some words, and to press keys."""
    ours, theirs = pty.openpty()
    _be_silent(theirs)
    process = subprocess.Popen(
        [*LOH, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    said = ""

    def read(words: str) -> str:
        nonlocal said
        end = time.monotonic() + 60
        while words not in said:
            if not select.select([ours], [], [], max(0.0, end - time.monotonic()))[0]:
                raise RuntimeError(f"{words!r} does not come; so far: {said}")
            said += os.read(ours, 65536).decode(errors="replace")
        before, _, said = said.partition(words)
        return _settled(before + words)

    try:
        yield read, lambda key: os.write(ours, key.encode())
    finally:
        while _more(ours):
            pass
        process.wait()
        os.close(ours)


def _be_silent(terminal: int) -> None:
    """Do not echo the keys pressed: whether the echo is seen depends on milliseconds."""
    attributes = termios.tcgetattr(terminal)
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)


def _settled(said: str) -> str:
    """The text that stays on the screen: without the spinner's lines, which are erased."""
    lines = said.replace("\r", "").split("\n")
    return "\n".join(line for line in lines if not _SPINNER.search(line))


def _more(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the process has ended
        return b""
