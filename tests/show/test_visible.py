"""What others wrote never drives the terminal, whichever way it comes to the screen."""

import ast
import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import lambda_over_https
from lambda_over_https import show
from lambda_over_https.errors import LohError
from lambda_over_https.events import Checked, Made, Note, Removed, StepStarted, Waiting
from lambda_over_https.show.canvas.console import print_lines
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.canvas.visible import visible
from lambda_over_https.show.moving.narrator import Narrator
from lambda_over_https.states import Action, Fate

TITLE = "\x1b]0;PWNED\x07"
CLIPBOARD = "\x1b]52;c;cHduZWQ=\x07"
SEQUENCES = (TITLE, CLIPBOARD, "\x1b[2J\x1b[31m", "\u009b31m")
ATTACKS = (*SEQUENCES, "\r", "\x08", "\x7f", "\u202egnp.exe", "\u2066", "\x00", "\ufeff")
KEPT = {"\n", "\t"}


def _drives(text: str) -> list[str]:
    """The characters of a text that a terminal obeys instead of showing."""
    return [
        each for each in text if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") and each not in KEPT
    ]


@given(st.text())
def test_no_text_keeps_a_character_that_a_terminal_obeys(text: str) -> None:
    shown = visible(text)
    assert _drives(shown) == []
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert visible(shown) == shown


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_what_is_only_read_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.dictionaries(st.text(), st.text()))
def test_a_json_document_means_the_same_afterwards(document: dict[str, str]) -> None:
    assert json.loads(visible(json.dumps(document))) == document
    plain = json.dumps(document, ensure_ascii=False)
    assert json.loads(visible(plain)) == document


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_way_to_the_screen_shows_it(attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    show.print_line(attack)
    show.say(attack)
    show.print_json({"said": attack})
    show.print_error(LohError(attack, attack))
    screen = Screen()
    screen.print((attack, ""), (attack, "bold"))
    screen.prose(attack, "dim")
    screen.table([[(attack, "bold"), (attack, "")]], ("a", "b"))
    said = capsys.readouterr()
    assert _drives(said.out + said.err) == []
    assert attack not in said.out + said.err


def _narrated(attack: str, *, terminal: bool) -> str:
    said = io.StringIO()
    out = Console(file=said, width=100, force_terminal=terminal, color_system=None, legacy_windows=False)
    tell = Narrator(out)
    for event in (
        StepStarted("2.3", attack),
        Made("2.3", "iam:role", attack, attack, attack, Action.CREATE),
        Removed("4", "iam:role", attack, Fate.LEFT, attack),
        Checked("3.7", attack, "https", False, 500, 1.0, attack),
        Waiting("3.1", attack, 0.0, 1.0),
        Note("1", attack),
    ):
        tell(event)
    tell.rest()
    print_lines([[(attack, "bold"), (attack, "")]], out)
    return said.getvalue()


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_narrator_and_the_pages_of_the_walk_show_it(attack: str) -> None:
    assert _drives(_narrated(attack, terminal=False)) == []


@pytest.mark.parametrize("attack", SEQUENCES)
def test_so_they_do_on_a_terminal_among_sequences_of_their_own(attack: str) -> None:
    assert attack not in _narrated(attack, terminal=True)


def test_markup_and_emoji_names_of_others_stay_text(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator()(Note("1", "[bold]b[/bold] [/] :smile:"))
    assert "[bold]b[/bold] [/] :smile:" in capsys.readouterr().err


DOORS = {
    "show/basics.py",
    "show/canvas/screen.py",
    "cli/process/bugs.py",
    "cli/app.py",
    "cli/process/streams.py",
}


def test_nothing_else_writes_to_the_streams() -> None:
    """Whatever is printed goes through a door that makes it harmless."""
    root = Path(lambda_over_https.__file__).parent
    found = {
        f"{path.relative_to(root)}:{node.lineno}"
        for path in root.rglob("*.py")
        if "sandbox" not in path.relative_to(root).parts[:1] and str(path.relative_to(root)) not in DOORS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _writes(ast.unparse(node.func))
    }
    assert found == set()


def _writes(function: str) -> bool:
    return function in (
        "print",
        "typer.echo",
        "typer.secho",
        "click.echo",
        "sys.stdout.write",
        "sys.stderr.write",
    )
