"""Reads what is added to a file of one JSON document a line, whose first line says whose it is."""

from pathlib import Path


class Tail:
    """Remembers how far it has read."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._header = b""
        self._read_to = 0

    def read(self, path: Path | None) -> tuple[bytes, bool]:
        """The whole lines added since the last time, and whether the file is another one than then."""
        if path is None or not self._has_changed(path):
            return b"", False
        with path.open("rb") as file:
            header = file.readline()
            begun = (path, header) != (self._path, self._header) or path.stat().st_size < self._read_to
            start = len(header) if begun else self._read_to
            file.seek(start)
            lines, newline, _ = file.read().rpartition(b"\n")  # the rest of a line comes with the next look
        self._path, self._header, self._read_to = path, header, start + len(lines + newline)
        return lines, begun

    def _has_changed(self, path: Path) -> bool:
        try:
            return path.stat().st_size != self._read_to or path != self._path
        except FileNotFoundError:
            return False
