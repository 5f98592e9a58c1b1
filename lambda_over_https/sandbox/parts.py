"""The sandbox's parts, put together: which part is given which other."""

from collections.abc import Mapping
from pathlib import Path

from lambda_over_https.sandbox import moto_setup
from lambda_over_https.sandbox.backends import Backends
from lambda_over_https.sandbox.control import Control, ControlThread
from lambda_over_https.sandbox.front import Front
from lambda_over_https.sandbox.functions import Functions
from lambda_over_https.sandbox.gateway import Gateway
from lambda_over_https.sandbox.http import LOOPBACK, Handler
from lambda_over_https.sandbox.iam import Authorization
from lambda_over_https.sandbox.model import Outcome
from lambda_over_https.sandbox.sessions import Sessions
from lambda_over_https.sandbox.strict import Strict
from lambda_over_https.sandbox.upkeep import Upkeep


class Parts:
    """All parts of one sandbox. ``home`` is its private folder, ``port`` the one that serves plain HTTP."""

    def __init__(self, home: Path, port: int) -> None:
        classes = moto_setup.load()
        sessions = Sessions()
        self._thread = ControlThread()
        self._backends = Backends(home, sessions, self._thread.submit)
        self._authorization = Authorization(sessions)
        layers = [self._authorization, Strict(), Upkeep(self._backends)]
        self._control = Control(self._thread, classes, layers)
        self._functions = Functions(self._backends, f"http://{LOOPBACK}:{port}", home / "workers")
        self._gateway = Gateway(self._backends, self._invoke)

    def front(self, endpoints: Mapping[str, Handler]) -> Front:
        """The door to all of them; ``endpoints`` are those of the process itself."""
        return Front(
            self._control.handle, self._functions, self._gateway, self._authorization.before, endpoints
        )

    async def close(self) -> None:
        """End the functions' workers and the control thread."""
        await self._functions.close()
        self._thread.close()

    async def _invoke(self, function_arn: str, payload: bytes, region: str) -> Outcome:
        return await self._functions.invoke(self._backends.function(region, function_arn), payload)
