"""What a request has while nobody follows it: a log and a trail that keep nothing."""

from lambda_over_https.sandbox.gateway.errors import GatewayError
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.web.http import Response


class NoLog:
    """The log of a request whose log is not asked for: it keeps nothing."""

    kept = False

    def add(self, text: str, *values: object) -> None:
        """Ignore a line on the data of the request or of the answer."""

    def note(self, text: str, *values: object) -> None:
        """Ignore a line on the request's way."""

    def fail(self, text: str, *values: object) -> None:
        """Ignore a line on why the request failed."""


class NoTrail:
    """The trail of a request that nobody watches: it keeps nothing."""

    kept = False

    def reach(self, hop: str) -> None:
        """Note that the request is at a hop."""

    def limit(self, name: str, left: float, size: float, rate: float | None = None) -> None:
        """Note what is left of a limit, and how much of it comes back in a second."""

    def ran(self, result: InvocationResult) -> None:
        """Note what the function answered."""

    def stop(self, error: GatewayError) -> None:
        """Note that the gateway answers by itself, and why."""

    def end(self, response: Response) -> None:
        """Note what the client gets."""
