"""The drawing of the architecture, wide and narrow, fancy and plain."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from lambda_over_https.journal import ADOPTED, INTENDED, MADE, Deployment, Record, State
from lambda_over_https.picture import Picture, picture_of
from lambda_over_https.show.picture import print_picture

NOTHING = State(Deployment("d", "d", "sandbox", "1", "us-east-1", "", "", ""))
ALL = (
    "apigateway:restapi",
    "apigateway:resource",
    "apigateway:method",
    "apigateway:integration",
    "apigateway:stage",
    "lambda:permission",
    "lambda:function",
    "iam:role",
    "logs:log-group",
    "dynamodb:table",
)


def _scene(*kinds: str, state: str = MADE) -> Picture:
    return picture_of(replace(NOTHING, records=tuple(Record(kind, kind, "", state) for kind in kinds)))


def _drawn(picture: Picture, width: int, encoding: str = "utf-8") -> str:
    out = Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=width, highlight=False)
    print_picture(picture, out)
    out.file.flush()
    return out.file.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined, no-any-return]


WHOLE = """
          ╭ API Gateway ────────╮              ╭ Lambda ──────╮  ╭ DynamoDB ─╮
          │ ● API               │ ● permission │ ● function   │  │ ● table   │
 client ─▶│ ● /DynamoDBManager  │─────────────▶│ ● role       │─▶╰───────────╯
          │ ● POST              │              │ ● log group  │
          │ ● integration       │              ╰──────────────╯
          │ ● stage prod        │
          ╰─────────────────────╯
A client gets its answer, from the table and back.
"""


def test_everything_there_is_drawn_lit_from_left_to_right() -> None:
    assert _drawn(_scene(*ALL), 80) == WHOLE


def test_a_narrow_window_gets_it_from_top_to_bottom() -> None:
    drawn = _drawn(_scene(*ALL), 60).splitlines()[:-1]
    assert max(map(len, drawn)) < 40
    assert [line.strip() for line in drawn if "▼" in line] == ["▼"] * 3
    assert drawn.index("  ╭ API Gateway ────────╮") < drawn.index("  ╭ Lambda ──────╮")


@pytest.mark.parametrize("width", [40, 60, 77, 78, 80, 200])
@pytest.mark.parametrize("kinds", [(), ALL[:3], ALL])
def test_no_line_is_wider_than_the_window(width: int, kinds: tuple[str, ...]) -> None:
    assert all(len(line) <= width for line in _drawn(_scene(*kinds), width).splitlines())


@pytest.mark.parametrize("width", [60, 80])
def test_a_terminal_that_knows_ascii_only_gets_that(width: int) -> None:
    assert _drawn(_scene(*ALL[:4]), width, "ascii").isascii()


def test_the_request_comes_as_far_as_what_exists_leads() -> None:
    assert _scene().reaches == (False, False, False)
    assert _scene(*[kind for kind in ALL if kind != "lambda:permission"]).reaches == (True, False, False)
    assert _scene(*[kind for kind in ALL if kind != "dynamodb:table"]).reaches == (True, True, False)
    assert _scene(*ALL).reaches == (True, True, True)


def test_what_is_only_intended_is_not_lit_and_what_is_lent_is() -> None:
    assert _scene("iam:role", state=INTENDED) == _scene()
    assert _scene("iam:role", state=ADOPTED) == _scene("iam:role")


def test_a_low_and_narrow_window_gets_a_service_a_line() -> None:
    out = Console(
        file=io.StringIO(), width=60, height=24, highlight=False, force_terminal=True, no_color=True
    )
    print_picture(_scene(*ALL), out)
    drawn = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(drawn) <= 12
    assert max(map(len, drawn)) <= 60 + len("\x1b[1m") * 8


def test_the_words_below_say_what_a_client_gets() -> None:
    assert "no API is deployed" in _scene().answer
    assert "500" in _scene(*[kind for kind in ALL if kind != "lambda:permission"]).answer
    assert "may not invoke" in _scene(*[kind for kind in ALL if kind != "lambda:permission"]).answer
    assert "only echo and ping" in _scene(*[kind for kind in ALL if kind != "dynamodb:table"]).answer
    assert "from the table and back" in _scene(*ALL).answer
