"""All that writes down beside the journal what a command does: its calls, its requests, how one gets on."""

from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.recorded.history import History
from lambda_over_https.deployment.recorded.logbook_writer import Logbook
from lambda_over_https.deployment.recorded.request_log import RequestLog
from lambda_over_https.events import Emit, Event


class Recorders:
    """Listens to events, passes each on to ``listener``, and writes down what each of the files is for.

    Calls that were made before it was opened are written, too. Safe across threads.
    """

    def __init__(self, listener: Emit) -> None:
        self._requests = RequestLog(listener)
        self._logbook = Logbook(self._requests)
        self._history = History(self._logbook)

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self._history(event)

    def open(self, journal: Journal, *, alone: bool = False) -> None:
        """Write beside this journal from now on; ``alone``: we hold the deployment's lock."""
        folder, deployment = journal.path.parent, journal.deployment
        self._history.open(folder, deployment, alone=alone)
        self._logbook.open(folder, deployment)
        self._requests.open(folder, deployment)

    def close(self) -> None:
        """Write no more."""
        for each in (self._history, self._logbook, self._requests):
            each.close()
