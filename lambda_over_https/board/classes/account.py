"""The account of a class as it is reached now: its sandbox may have stopped, and another one may run."""

import threading
from typing import TYPE_CHECKING

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.record import recorded
from lambda_over_https.settings import home

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

STOPPED = "The sandbox has stopped, and everything in it is gone."


class ClassAccount:
    """Reaches the account by ``connect``, which gives clients and their place. Safe across threads.

    Raises what ``connect`` raises.
    """

    def __init__(self, connect: "Callable[[], tuple[Cloud, Place]]") -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._cloud, self.place = connect()

    def reached(self) -> "tuple[Cloud, Place]":
        """Clients and place; new ones where another sandbox runs by now. LohError if none does."""
        with self._lock:
            if self.place.is_sandbox:
                self._meet_the_sandbox_that_runs()
            return self._cloud, self.place

    def _meet_the_sandbox_that_runs(self) -> None:
        running = recorded(home())
        if running is None:
            raise LohError(STOPPED, "`loh sandbox start` starts another one.")
        if running.boot_id != self.place.boot_id:
            self._cloud, self.place = self._connect()

    def interrupt(self) -> None:
        """Let what is under way in a thread try nothing again."""
        self._cloud.run.interrupt()
