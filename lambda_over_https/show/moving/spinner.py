"""The line that turns while we wait."""

import time
from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.page import marks

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text


class Spinner:
    """A line that turns and counts the seconds while we wait; nothing if there is no terminal."""

    def __init__(self, out: "Console") -> None:
        self._out = out
        self._live: Live | None = None
        self._text = ""
        self._since = 0.0
        self._due: float | None = None

    def show(self, text: str, elapsed: float = 0.0, left: float | None = None) -> None:
        """Show that we have been waiting for ``text`` for ``elapsed`` seconds.

        If we know that there are ``left`` seconds to wait, those are shown instead.
        """
        now = time.monotonic()
        self._text, self._since, self._due = text, now - elapsed, None if left is None else now + left
        if self._live is None and self._out.is_terminal and not self._out.is_dumb_terminal:
            from rich.live import Live

            self._live = Live(
                get_renderable=self._line, console=self._out, transient=True, refresh_per_second=8
            )
            self._live.start()

    def stop(self) -> None:
        """Remove the line."""
        if self._live:
            self._live.stop()
        self._live = None

    def _line(self) -> "Text":
        from rich.text import Text

        now = time.monotonic()
        seconds = now - self._since
        told = f"{seconds:.1f} s" if self._due is None else f"{max(0.0, self._due - now):.0f} s to go"
        wheel = "|/-\\" if marks(self._out).wait == "..." else "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
        turn = wheel[int(seconds * 8) % len(wheel)]
        return Text.assemble((f"     {turn} ", "cyan"), f"{self._text}  ", (told, "dim"))
