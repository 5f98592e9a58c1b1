"""What a worker writes, as Lambda logs it: one event a line, between START, END and REPORT."""

import time
from collections.abc import Callable, Sequence

Event = tuple[int, str]
"""Milliseconds since 1970, and the text."""

MAXIMUM_EVENT = 256 * 1024
"""Bytes of the longest event; longer lines are split, as CloudWatch Logs does."""

MAXIMUM_OUTPUT = 4 * 1024 * 1024
"""Bytes kept of one invocation's output. AWS keeps all; this machine must hold it in memory."""

TAIL = 4096
"""How many bytes of the log ``LogType=Tail`` returns."""


def now_ms() -> int:
    """The time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class OutputLog:
    """The log stream of one worker: takes the bytes of its output, and passes on events in batches.

    ``sink`` gets each batch: all events between one ``flush`` and the next. ``admit`` says of each line of
    output whether it becomes an event.
    """

    def __init__(
        self, sink: Callable[[Sequence[Event]], None], admit: Callable[[bytes], bool] = lambda _: True
    ) -> None:
        self._sink = sink
        self._admit = admit
        self._events: list[Event] = []
        self._partial = b""
        self._bytes_left = MAXIMUM_OUTPUT

    def write(self, data: bytes) -> None:
        """Take output of the worker. Each line becomes an event."""
        kept = data[: self._bytes_left]
        if not kept:
            return
        self._bytes_left -= len(kept)
        *lines, self._partial = (self._partial + kept).split(b"\n")
        for line in lines:
            self._line(line + b"\n")
        while len(self._partial) >= MAXIMUM_EVENT:
            self._line(self._partial[:MAXIMUM_EVENT])
            self._partial = self._partial[MAXIMUM_EVENT:]
        if self._bytes_left == 0:
            self.add(f"The rest of this invocation's output is dropped: it is over {MAXIMUM_OUTPUT} bytes\n")

    def add(self, *texts: str) -> None:
        """Add events of Lambda's own after what the worker wrote so far; an empty text adds none."""
        self._end_line()
        self._events += [(now_ms(), text) for text in texts if text]

    def flush(self) -> bytes:
        """Pass the events to the sink, and return their last bytes. The limit on output starts anew."""
        self._end_line()
        events, self._events, self._bytes_left = self._events, [], MAXIMUM_OUTPUT
        if not events:
            return b""
        self._sink(events)
        return _tail(events)

    def _end_line(self) -> None:
        if self._partial:
            self._line(self._partial)
            self._partial = b""

    def _line(self, line: bytes) -> None:
        if not self._admit(line):
            return
        now = now_ms()
        for start in range(0, len(line), MAXIMUM_EVENT):
            # The runtimes join a message's lines with a carriage return, so that they stay one event.
            text = line[start : start + MAXIMUM_EVENT].decode(errors="replace").replace("\r", "\n")
            self._events.append((now, text))


def _tail(events: Sequence[Event]) -> bytes:
    kept: list[bytes] = []
    size = 0
    for _, text in reversed(events):
        kept.append(text.encode())
        size += len(kept[-1])
        if size >= TAIL:
            break
    return b"".join(reversed(kept))[-TAIL:]
