"""The question that a drill or a chapter's experiment asks the class, as the logbook tells of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lambda_over_https.board.vocabulary import Document, shortened

DRILL = "drill"
"""What a drill's question is marked with, and what its calls are recorded under in the place of a step."""

LATE = timedelta(minutes=5)
"""A question older than this is not brought up again by a board that is started later."""


class Exercises:
    """The latest question and what is known of its answer; ``drill`` is the title of the drill at work."""

    def __init__(self) -> None:
        self._asked: Document | None = None
        self.drill = ""

    def take(self, entries: Iterable[Mapping[str, Any]], now: datetime | None = None) -> list[Document]:
        """The states that the question went through by these entries of the logbook, in order."""
        oldest = ((now or datetime.now(UTC)) - LATE).isoformat()
        states = []
        for entry in entries:
            self._follow_drill(entry)
            if str(entry.get("at", "")) > oldest and self._changed_by(entry) and self._asked:
                states.append(dict(self._asked))
        return states

    def _follow_drill(self, entry: Mapping[str, Any]) -> None:
        """Know which drill is at work, however long ago it has begun."""
        if entry.get("exercise") == DRILL and entry["what"] in ("question", "over"):
            self.drill = str(entry["title"]) if entry["what"] == "question" else ""

    def _changed_by(self, entry: Mapping[str, Any]) -> bool:
        what = entry.get("what")
        if what == "question":
            self._asked = _question(entry)
        elif self._asked is None or entry.get("name") != self._asked["name"]:
            return False
        elif what == "prediction":
            self._asked |= {"said": str(entry["said"]), "predicted": True}
        elif what == "answer":
            self._asked |= {"truth": str(entry["truth"]), "why": shortened(str(entry["why"]))}
        elif what == "over" and not self._asked["predicted"]:
            self._asked |= {"predicted": True}
        else:
            return False
        return True


def _question(entry: Mapping[str, Any]) -> Document:
    texts = {member: shortened(str(entry[member])) for member in ("title", "story", "question")}
    return {
        "exercise": str(entry["exercise"]),
        "name": str(entry["name"]),
        **texts,
        "choices": [shortened(str(each)) for each in entry["choices"]],
        "predicted": False,
        "said": "",
        "truth": "",
        "why": "",
    }
