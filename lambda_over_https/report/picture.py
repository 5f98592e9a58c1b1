"""Which parts of the architecture exist, and how far a request gets: as data, for the drawing and JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from lambda_over_https.deployment.journal import State
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH_PART, STAGE

GATEWAY = (
    ("API", Kind.REST_API),
    (f"/{PATH_PART}", Kind.RESOURCE),
    (METHOD, Kind.METHOD),
    ("integration", Kind.INTEGRATION),
    (f"stage {STAGE}", Kind.STAGE),
)
FUNCTION = (("function", Kind.FUNCTION), ("role", Kind.ROLE), ("log group", Kind.LOG_GROUP))
TABLE = (("table", Kind.TABLE),)
PERMISSION = Kind.PERMISSION


@dataclass(frozen=True, slots=True)
class Box:
    """One service and its resources (``things``), each with whether it exists."""

    title: str
    things: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """API Gateway, Lambda, DynamoDB; ``reaches`` says which of the three a request gets to."""

    boxes: tuple[Box, Box, Box]
    permission: tuple[str, bool]
    reaches: tuple[bool, bool, bool]

    def as_json(self) -> dict[str, Any]:
        """The picture as plain data."""
        return asdict(self)

    @property
    def answer(self) -> str:
        """What a client gets now, and if it is no answer, why."""
        enters, passes, stores = self.reaches
        if stores:
            return "A client gets an answer from the table."
        if passes:
            return "A client reaches the function; without table and role only echo and ping work."
        if not enters:
            return "A client reaches nothing: no API is deployed yet."
        gap = "has no function to call" if self.permission[1] else "may not invoke the function yet"
        return f"A client gets 500 Internal server error: API Gateway {gap}."


def picture_of(state: State) -> Picture:
    """The picture of what a journal records."""
    there = {record.kind for record in state.records if record.state.exists}
    boxes = (
        _box("API Gateway", GATEWAY, there),
        _box("Lambda", FUNCTION, there),
        _box("DynamoDB", TABLE, there),
    )
    enters = Kind.STAGE in there
    passes = enters and {Kind.INTEGRATION, PERMISSION, Kind.FUNCTION} <= there
    stores = passes and {Kind.ROLE, Kind.TABLE} <= there
    return Picture(boxes, ("permission", PERMISSION in there), (enters, passes, stores))


def _box(title: str, things: tuple[tuple[str, str], ...], there: set[str]) -> Box:
    return Box(title, tuple((name, kind in there) for name, kind in things))
