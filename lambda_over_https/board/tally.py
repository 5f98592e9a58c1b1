"""Counts the requests that the board has seen: how many got through, and what each layer stopped."""

from collections import Counter

from lambda_over_https.board.vocabulary import Document


class Tally:
    """The counts since the board began, or since the deployment is another one."""

    def __init__(self) -> None:
        self._requests = self._from_cache = 0
        self._stopped: Counter[str] = Counter()
        self._limits: list[Document] = []

    def add(self, request: Document) -> None:
        """Count a request that has its answer."""
        self._requests += 1
        self._from_cache += "cache" in [hop["name"] for hop in request["hops"]]
        if request["stopped"]:
            self._stopped[str(request["stopped"])] += 1
        if request["limits"]:
            self._limits = [{**limit, "at": request["at"]} for limit in request["limits"]]

    def document(self) -> Document:
        """All counts, and the limits as the last request that met some left them."""
        return {
            "requests": self._requests,
            "from_cache": self._from_cache,
            "stopped": dict(self._stopped),
            "limits": self._limits,
        }
