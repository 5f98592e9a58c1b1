"""Which parts of the architecture exist, and how far a request gets: as data, for the drawing and JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from lambda_over_https.deployment.journal.state import State
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, PATH_PART, STAGE

GATEWAY = (
    ("API", Kind.REST_API),
    (f"/{PATH_PART}", Kind.RESOURCE),
    (METHOD, Kind.METHOD),
    ("integration", Kind.INTEGRATION),
    (f"stage {STAGE}", Kind.STAGE),
)
FUNCTION = (("function", Kind.FUNCTION), ("role", Kind.ROLE), ("log group", Kind.LOG_GROUP))
TABLE = (("table", Kind.TABLE),)
AT_THE_GATEWAY = (
    ("OPTIONS (CORS)", Kind.METHOD, f"OPTIONS {PATH}"),
    ("throttle", Kind.METHOD_SETTINGS, f"{METHOD} {PATH} throttle"),
    ("usage plan", Kind.USAGE_PLAN, ""),
    ("cache", Kind.CACHE, ""),
    ("policy", Kind.API_POLICY, ""),
    ("firewall", Kind.WEB_ACL, ""),
)
"""What chapters add to API Gateway: label, kind and, where there are several, name."""
AT_THE_FUNCTION = (("schedule", Kind.SCHEDULE, ""), ("concurrency", Kind.CONCURRENCY, ""))
"""What they add to Lambda."""

Key = tuple[str, str]
"""A resource's kind and name."""
PERMISSION = Kind.PERMISSION


@dataclass(frozen=True, slots=True)
class Box:
    """One service and its resources (``things``), each with whether it exists; ``new`` are just made."""

    title: str
    things: tuple[tuple[str, bool], ...]
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """API Gateway, Lambda, DynamoDB; ``reaches`` says which of the three a request gets to.

    With an ``own_handler`` of the user's, only he knows what the function does with the table.
    """

    boxes: tuple[Box, Box, Box]
    permission: tuple[str, bool]
    reaches: tuple[bool, bool, bool]
    own_handler: bool = False

    def as_json(self) -> dict[str, Any]:
        """The picture as plain data."""
        return asdict(self)

    @property
    def answer(self) -> str:
        """What a client gets now, and if it is no answer, why."""
        enters, passes, stores = self.reaches
        if passes and self.own_handler:
            return "A client gets the answer of your own handler."
        if stores:
            return "A client gets an answer from the table."
        if passes:
            return "A client reaches the function; without table and role only echo and ping work."
        if not enters:
            return "A client reaches nothing: no API is deployed yet."
        gap = "has no function to call" if self.permission[1] else "may not invoke the function yet"
        return f"A client gets 500 Internal server error: API Gateway {gap}."


def picture_of(state: State, new: frozenset[Key] = frozenset()) -> Picture:
    """The picture of what a journal records; ``new`` are the resources that were just made."""
    there = {record.kind for record in state.records if record.state.exists}
    boxes = (
        _with_added(_box("API Gateway", GATEWAY, there), AT_THE_GATEWAY, state, new),
        _with_added(_box("Lambda", FUNCTION, there), AT_THE_FUNCTION, state, new),
        _box("DynamoDB", TABLE, there),
    )
    enters = Kind.STAGE in there
    passes = enters and {Kind.INTEGRATION, PERMISSION, Kind.FUNCTION} <= there
    stores = passes and {Kind.ROLE, Kind.TABLE} <= there
    own = bool(state.choices.get("source"))
    return Picture(boxes, ("permission", PERMISSION in there), (enters, passes, stores), own)


def _with_added(
    box: Box, additions: tuple[tuple[str, str, str], ...], state: State, new: frozenset[Key]
) -> Box:
    there = [(record.kind, record.name) for record in state.records if record.state.exists]
    added = [
        (label, key)
        for label, kind, name in additions
        for key in there
        if key[0] == kind and name in ("", key[1])
    ]
    things = (*box.things, *((label, True) for label, _ in added))
    return Box(box.title, things, tuple(label for label, key in added if key in new))


def _box(title: str, things: tuple[tuple[str, str], ...], there: set[str]) -> Box:
    return Box(title, tuple((name, kind in there) for name, kind in things))
