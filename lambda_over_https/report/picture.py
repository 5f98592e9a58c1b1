"""What of the architecture exists, as a scene that can be drawn or given as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from lambda_over_https.deployment.journal import ADOPTED, MADE, State
from lambda_over_https.names import METHOD, PATH_PART, STAGE

GATEWAY = (
    ("API", "apigateway:restapi"),
    (f"/{PATH_PART}", "apigateway:resource"),
    (METHOD, "apigateway:method"),
    ("integration", "apigateway:integration"),
    (f"stage {STAGE}", "apigateway:stage"),
)
FUNCTION = (("function", "lambda:function"), ("role", "iam:role"), ("log group", "logs:log-group"))
TABLE = (("table", "dynamodb:table"),)
PERMISSION = "lambda:permission"


@dataclass(frozen=True, slots=True)
class Box:
    """One service and its things, each with whether it exists."""

    title: str
    things: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """API Gateway, Lambda, DynamoDB; ``reaches`` says how far a request comes: into each of the three."""

    boxes: tuple[Box, Box, Box]
    permission: tuple[str, bool]
    reaches: tuple[bool, bool, bool]

    def as_json(self) -> dict[str, Any]:
        """The scene as plain data."""
        return asdict(self)

    @property
    def answer(self) -> str:
        """What a client gets now, and why it gets no more."""
        enters, passes, stores = self.reaches
        if stores:
            return "A client gets its answer, from the table and back."
        if passes:
            return "A client reaches the function; without table and role it can only echo and ping."
        if not enters:
            return "A client reaches nothing: no API is deployed yet."
        gap = "leads to no function" if self.permission[1] else "may not invoke the function yet"
        return f"A client gets 500 Internal server error: API Gateway {gap}."


def picture_of(state: State) -> Picture:
    """The scene that a journal's state describes."""
    there = {record.kind for record in state.records if record.state in (MADE, ADOPTED)}
    boxes = (
        _box("API Gateway", GATEWAY, there),
        _box("Lambda", FUNCTION, there),
        _box("DynamoDB", TABLE, there),
    )
    enters = "apigateway:stage" in there
    passes = enters and {"apigateway:integration", PERMISSION, "lambda:function"} <= there
    stores = passes and {"iam:role", "dynamodb:table"} <= there
    return Picture(boxes, ("permission", PERMISSION in there), (enters, passes, stores))


def _box(title: str, things: tuple[tuple[str, str], ...], there: set[str]) -> Box:
    return Box(title, tuple((name, kind in there) for name, kind in things))
