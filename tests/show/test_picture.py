"""The drawing of the architecture, wide and narrow, fancy and plain."""

from dataclasses import dataclass, replace

import pytest

from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.report.picture import Picture, picture_of
from lambda_over_https.show.picture import drawn
from lambda_over_https.states import RecordState

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


def _scene(*kinds: str, state: RecordState = RecordState.MADE) -> Picture:
    return picture_of(replace(NOTHING, records=tuple(Record(kind, kind, "", state) for kind in kinds)))


@dataclass
class _Page:
    width: int
    encoding: str = "utf-8"
    height: int = 40
    is_terminal: bool = False
    no_color: bool = True


def _drawn(picture: Picture, page: _Page) -> list[str]:
    return ["".join(text for text, _ in line) for line in drawn(picture, page)]


WHOLE = """\
          ╭ API Gateway ────────╮              ╭ Lambda ──────╮  ╭ DynamoDB ─╮
          │ ● API               │ ● permission │ ● function   │  │ ● table   │
 client ─▶│ ● /DynamoDBManager  │─────────────▶│ ● role       │─▶╰───────────╯
          │ ● POST              │              │ ● log group  │
          │ ● integration       │              ╰──────────────╯
          │ ● stage prod        │
          ╰─────────────────────╯"""


def test_everything_there_is_drawn_lit_from_left_to_right() -> None:
    assert "\n".join(_drawn(_scene(*ALL), _Page(80))) == WHOLE


def test_a_narrow_window_gets_it_from_top_to_bottom() -> None:
    lines = _drawn(_scene(*ALL), _Page(60))
    assert max(map(len, lines)) < 40
    assert [line.strip() for line in lines if "▼" in line] == ["▼"] * 3
    assert lines.index("  ╭ API Gateway ────────╮") < lines.index("  ╭ Lambda ──────╮")


@pytest.mark.parametrize("width", [40, 60, 77, 78, 80, 200])
@pytest.mark.parametrize("kinds", [(), ALL[:3], ALL])
def test_no_line_is_wider_than_the_window(width: int, kinds: tuple[str, ...]) -> None:
    assert all(len(line) <= width for line in _drawn(_scene(*kinds), _Page(width)))


@pytest.mark.parametrize("width", [60, 80])
def test_a_terminal_that_knows_ascii_only_gets_that(width: int) -> None:
    assert "".join(_drawn(_scene(*ALL[:4]), _Page(width, "ascii"))).isascii()


def test_the_request_comes_as_far_as_what_exists_leads() -> None:
    assert _scene().reaches == (False, False, False)
    assert _scene(*[kind for kind in ALL if kind != "lambda:permission"]).reaches == (True, False, False)
    assert _scene(*[kind for kind in ALL if kind != "dynamodb:table"]).reaches == (True, True, False)
    assert _scene(*ALL).reaches == (True, True, True)


def test_what_is_only_intended_is_not_lit_and_what_is_lent_is() -> None:
    assert _scene("iam:role", state=RecordState.INTENDED) == _scene()
    assert _scene("iam:role", state=RecordState.ADOPTED) == _scene("iam:role")


def test_a_low_and_narrow_window_gets_a_service_a_line() -> None:
    lines = _drawn(_scene(*ALL), _Page(60, height=24, is_terminal=True))
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 60


def test_the_words_below_say_what_a_client_gets() -> None:
    assert "no API is deployed" in _scene().answer
    assert "500" in _scene(*[kind for kind in ALL if kind != "lambda:permission"]).answer
    assert "may not invoke" in _scene(*[kind for kind in ALL if kind != "lambda:permission"]).answer
    assert "only echo and ping" in _scene(*[kind for kind in ALL if kind != "dynamodb:table"]).answer
    assert "an answer from the table" in _scene(*ALL).answer
