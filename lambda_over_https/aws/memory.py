"""Answers that are kept, so that a call which only looks is made once, however many ask.

Whoever looks for thirty deployments in one account would list its roles and its REST APIs thirty times over.
"""

import re
import threading
from collections.abc import Hashable, Mapping
from copy import deepcopy
from typing import Any

LOOKS = ("Describe", "Get", "List")
"""How the names of the operations begin that change nothing: their answers may be kept."""

ABSENT = re.compile("NotFound|NoSuch|Nonexistent")
"""The codes of errors that are kept: it is not there."""


class Memory:
    """What clients were answered. A call that is no look makes it forget everything. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[Hashable, tuple[Any, Mapping[str, Any]]] = {}

    def listen(self, events: Any, service: str) -> None:
        """Hear of the calls of the client that emits ``events``; ``service`` is the id in its event names."""
        events.register(f"before-call.{service}", self._recall)
        # First: the SDK's own handlers change the answer that they are given.
        events.register_first(f"after-call.{service}", self._keep)

    def _recall(self, model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> Any:
        if not model.name.startswith(LOOKS):
            with self._lock:
                self._answers.clear()
            return None
        context["loh_asked"] = asked = _asked(model, params)
        with self._lock:
            return deepcopy(self._answers.get(asked))

    def _keep(self, http_response: Any, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        asked = context.get("loh_asked")
        status = http_response.status_code
        if asked is not None and (status < 300 or ABSENT.search(parsed.get("Error", {}).get("Code", ""))):
            with self._lock:
                self._answers.setdefault(asked, (_Status(status), deepcopy(parsed)))


class _Status:
    """All that the SDK asks of a kept answer's HTTP response."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def _asked(model: Any, params: Mapping[str, Any]) -> Hashable:
    """What tells one call from another: the request as it is before it is signed."""
    where = (params.get("url_path"), params.get("query_string"), params.get("body"))
    return model.service_model.service_name, model.name, repr(where)
