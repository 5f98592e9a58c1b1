"""From settings to a stack: reach the place, find its journal, refuse one that must not be used."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.deployment.choices import Choices, chosen
from lambda_over_https.deployment.deployments import (
    beyond_reach,
    nothing_here,
    sandbox_has_ended,
    sandbox_is_meant,
)
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal, JournalError, Write
from lambda_over_https.deployment.journal.places import journal_path, set_aside
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import ENDED, EndedError
from lambda_over_https.events import Emit, Note
from lambda_over_https.files import private_folder, write_private
from lambda_over_https.names import names_for
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import SANDBOX, Settings, cache, home

if TYPE_CHECKING:
    from lambda_over_https.aws.place import Place
    from lambda_over_https.deployment.recorded.recorders import Recorders


@dataclass(frozen=True)
class Session:
    """One command at work: its settings, where its state is, how it waits, reports and writes."""

    settings: Settings
    home: Path
    run: RunContext
    write: Write = write_private

    @contextmanager
    def at_work(self, *, create: bool = False) -> Iterator[Stack]:
        """A stack to change, under the deployment's lock; all that is done is written down.

        Raises as ``open`` does, and LockedError if another run holds the lock.
        """
        from lambda_over_https.aws.errors.explanations import explained
        from lambda_over_https.deployment.lock import locked

        recorders, session = self._recorded()
        with explained():
            opened = session.open(create=create)
        with locked(opened.journal.path), closing(recorders):
            stack = session.reload(opened)
            recorders.open(stack.journal, alone=True)
            yield stack

    @contextmanager
    def looking(self, *, create: bool = False, record: bool = True) -> Iterator[Stack]:
        """A stack to read, without a lock; with ``record``, its calls are written down if it has a journal.

        Raises as ``open`` does; what AWS answers inside it is explained.
        """
        from lambda_over_https.aws.errors.explanations import explained

        recorders, session = self._recorded()
        with explained(), closing(recorders):
            stack = session.open(create=create)
            if record and stack.journal.path.exists():
                recorders.open(stack.journal)
            yield stack

    def _recorded(self) -> "tuple[Recorders, Session]":
        """Recorders in front of who listens, and this session as they hear it."""
        from lambda_over_https.deployment.recorded.recorders import Recorders

        recorders = Recorders(self.run.emit)
        return recorders, replace(self, run=self.run.speaking_to(recorders))

    def open(self, *, create: bool = False) -> Stack:
        """Reach the place and load the journal there; with ``create`` begin one if there is none.

        Raises LohError if there is no deployment (and none is to be created), or its journal must not be
        used; CredentialsError if AWS does not know our credentials.
        """
        from lambda_over_https.aws.connecting import connect

        names = names_for(self.settings.name)
        self._check_sandbox(names.deployment, create=create)
        cloud, place = connect(self.settings, self.home, self.run)
        path = journal_path(self.home, place.scope, names.deployment)
        journal = self._usable(path, place.boot_id)
        if journal is None and not create:
            raise beyond_reach(self.settings, place.account, place.region) or nothing_here(self.settings)
        if journal is None:
            journal = journals.create(path, new_deployment(names.deployment, place), self.write)
        self._same_place(journal, place.account, place.region)
        choices = chosen(self.settings, journal.state.choices)
        return Stack(names, place, cloud, journal, choices, cache())

    def _check_sandbox(self, name: str, *, create: bool) -> None:
        """Say that the sandbox which held the deployment has ended; no other is started only to say it.

        Raises LohError if nothing is to be created.
        """
        if not sandbox_is_meant(self.settings):
            return
        private_folder(self.home)  # where no state can be, that is what is wrong
        journal = journals.load(journal_path(self.home, SANDBOX, name), self.write)
        if journal is None or not sandbox_has_ended(journal, self.home):
            return
        if not create:
            raise EndedError
        self.run.emit(Note("", f"{ENDED} `loh run` makes it again."))

    def reload(self, stack: Stack) -> Stack:
        """The same stack with the journal as it is now that we hold the lock.

        One of a sandbox that has ended is set aside only here: without the lock it could be another run's
        new one by now.
        """
        path, boot_id = stack.journal.path, stack.place.boot_id
        journal = journals.load(path, self.write)
        if journal is not None and journal.deployment.boot_id != boot_id:
            aside = set_aside(path)
            self.run.emit(Note("", f"The journal of the sandbox that has ended is kept in {aside}."))
            journal = None
        journal = journal or stack.journal
        return replace(stack, journal=journal, choices=chosen(self.settings, journal.state.choices))

    def place(self) -> "Place":
        """Where we are and who, without any deployment."""
        from lambda_over_https.aws.connecting import connect

        return connect(self.settings, self.home, self.run)[1]

    def open_for_recovery(self) -> Stack:
        """A stack whose journal is blank, whatever is on disk: ``recover`` fills it."""
        from lambda_over_https.aws.connecting import connect

        names = names_for(self.settings.name)
        cloud, place = connect(self.settings, self.home, self.run)
        path = journal_path(self.home, place.scope, names.deployment)
        journal = journals.create(path, new_deployment(names.deployment, place), self.write)
        return Stack(names, place, cloud, journal, Choices(), cache())

    def _usable(self, path: Path, boot_id: str) -> Journal | None:
        """The journal, unless it is of a sandbox that has ended."""
        journal = journals.load(path, self.write)
        return journal if journal is not None and journal.deployment.boot_id == boot_id else None

    def _same_place(self, journal: Journal, account: str, region: str) -> None:
        deployment = journal.deployment
        if (deployment.account, deployment.region) != (account, region):
            raise JournalError(
                f"The journal {journal.path} is of account {deployment.account} in {deployment.region}, "
                f"and this is account {account} in {region}.",
                f"Pass --region {deployment.region}, or the profile of that account.",
            )


def new_deployment(name: str, place: "Place") -> Deployment:
    """A deployment that begins now, at that place, with an id that no other has."""
    return Deployment(
        id=f"{name}-{secrets.token_hex(8)}",
        name=name,
        target=place.target,
        account=place.account,
        region=place.region,
        endpoint_url=place.endpoint_url,
        boot_id=place.boot_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def open_session(settings: Settings, emit: Emit) -> Session:
    """A session with the user's own state folder."""
    return Session(settings, home(), RunContext(emit))
