"""On a terminal of any width no screen cuts a word that fits on a line, where a reader has to read it."""

import re
from collections.abc import Iterator

import pytest

from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh

WIDTHS = (60, 80, 100)
SCREENS = (
    "status",
    "status --all",
    "status --live",
    "status --settings",
    "plan",
    "steps",
    "list",
    "verify",
    "doctor",
    "doctor --all",
    "drill list",
    "chapter list",
    "history",
    "logs",
    "run --no-pause",
    "undo",
    "teardown",
    "recover",
    "sandbox fault list",
    "sandbox status",
    "call read Id=1",
    "call create Id",
    "call --via nothing read Id=1",
    "snippets cobol",
    "explain 9.9",
    "drill cabbage",
    "run --role-arn arn:aws:iam::123456789012:role/lambda-gateway-execution-role-of-somebody-else",
    "run --source nowhere/a-file-with-a-long-name/of-a-handler.py",
    "--help",
    "run --help",
)
"""What is read, not copied: a program's source is written whole, since it is copied."""


def cut_words(said: str, columns: int) -> Iterator[str]:
    """The words that would fit on a line of the terminal and that its edge cuts.

    One that has a line of a command to itself, before a backslash, cannot move to a wider one.
    """
    for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).splitlines():
        for word in re.finditer(r"\S+", line):
            first, last = word.start() // columns, (word.end() - 1) // columns
            alone = line.split() == [word[0], "\\"]
            if first != last and len(word[0]) <= columns and not alone:
                yield f"{word[0]}  in  {line}"


def test_a_cut_is_seen() -> None:
    assert list(cut_words("12345 78901 34", 10)) == ["78901  in  12345 78901 34"]
    assert list(cut_words("1 1234567890123", 10)) == []
    assert list(cut_words("          12345678", 15)) == ["12345678  in            12345678"]
    assert list(cut_words("  123456789 \\", 10)) == []


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_word_that_fits_on_a_line_is_cut(
    account: Account, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = finished("widths")  # `recover` writes its journal anew, so no other test looks at it
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    cut = {}
    for screen in SCREENS:
        group = screen.split()[0] in ("sandbox", "list", "--help") or screen.endswith("--help")
        ran = loh(*screen.split(), *([] if group else ["--name", name]))
        assert ran.out + ran.err, screen
        if found := list(cut_words(ran.out, columns)) + list(cut_words(ran.err, columns)):
            cut[screen] = found
    assert cut == {}
