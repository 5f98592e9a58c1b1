"""What is gone and the journal goes on to list: a drill, or somebody by hand, has broken the deployment."""

from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.kinds import Kind

_REMOVES, _GRANTS = "RemovePermission", "AddPermission"


class Removals:
    """The statements of the function's policy that are gone, as calls and looks at the account tell."""

    def __init__(self) -> None:
        self._removed: dict[str, str] = {}
        self._there: frozenset[str] = frozenset()
        self._looked = ""

    def see(self, statements: frozenset[str], at: str) -> None:
        """Take which statements the account had at that moment (ISO, UTC)."""
        self._there, self._looked = statements, at

    def forget_calls(self) -> None:
        """Begin again with the calls: they were another deployment's."""
        self._removed.clear()

    def take(self, calls: Iterable[Call]) -> None:
        """Follow what these calls did, in their order."""
        for call in calls:
            statement = str(call.parameters.get("StatementId", ""))
            if call.operation == _REMOVES and not call.error:
                self._removed[statement] = call.at
            elif call.operation == _GRANTS and not call.error:
                self._removed.pop(statement, None)

    def repaired(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Follow the logbook: what a learner has repaired by hand was no call of the program's."""
        for entry in entries:
            if entry["what"] == "repair" and entry["by_hand"]:
                self._removed = {name: at for name, at in self._removed.items() if at > entry["at"]}

    def left(self, records: Iterable[Record]) -> tuple[Record, ...]:
        """These records, without those of what was removed since they were written down."""
        return tuple(each for each in records if not self._has_removed(each))

    def _has_removed(self, record: Record) -> bool:
        if record.kind != Kind.PERMISSION:
            return False
        removed = self._removed.get(record.name, "")
        if self._looked > max(removed, record.at):
            return record.name not in self._there
        return removed > record.at
