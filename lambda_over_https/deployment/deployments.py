"""The deployments that this machine knows, by their journals.

It is quick, for AWS is not asked anything: only where several have one name, who we are there.
"""

import difflib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.places import known_journals
from lambda_over_https.deployment.journal.state import Deployment, Head
from lambda_over_https.deployment.recorded import logbook
from lambda_over_https.errors import LohError, RemovedError, UsageError
from lambda_over_https.settings import SANDBOX, Settings, home

MOST_NAMED = 5
"""Deployments that a sentence names."""


def journal_on_disk(settings: Settings, *, ask: bool = True) -> Journal | None:
    """The journal of the deployment that is meant, or None; raises LohError if several fit.

    Of several, the one is meant that the credentials can reach: with ``ask``, AWS is asked whose they are.
    """
    fitting = [journal for journal in _namesakes(settings) if _fits(settings, journal.deployment)]
    if len(fitting) > 1:
        fitting = (_within_reach(settings, fitting) if ask else []) or fitting
    if len(fitting) > 1:
        places = ", ".join(f"{each.deployment.account} {each.deployment.region}" for each in fitting)
        raise UsageError(
            f"There are several deployments named {settings.name}: {places}.",
            "Say which with --region, --profile or --endpoint-url.",
        )
    return fitting[0] if fitting else None


def _within_reach(settings: Settings, journals_: Sequence[Journal]) -> list[Journal]:
    """The journals of the account and region that the credentials lead to; none if they lead nowhere."""
    from lambda_over_https.aws.connecting import connect
    from lambda_over_https.run_context import RunContext

    with suppress(LohError):
        place = connect(settings, home(), RunContext(lambda _: None))[1]
        here = place.account, place.region
        return [each for each in journals_ if (each.deployment.account, each.deployment.region) == here]
    return []


def beyond_reach(settings: Settings, account: str, region: str) -> LohError | None:
    """The error for a deployment of another account or region than this one; None if there is none."""
    there = [journal.deployment for journal in _namesakes(settings) if _fits(settings, journal.deployment)]
    if not there:
        return None
    places = ", ".join(f"{each.account} in {each.region}" for each in there)
    return LohError(
        f"The deployment {settings.name} is in account {places}, and this is account {account} in {region}.",
        "Use the credentials of that account (--profile chooses them), and its Region with --region.",
    )


def known_journal(settings: Settings) -> Journal:
    """The journal of the deployment that is meant; raises LohError if there is none."""
    journal = journal_on_disk(settings)
    if journal is None:
        raise nothing_here(settings)
    return journal


def _namesakes(settings: Settings) -> list[Journal]:
    paths = [path for path in known_journals(home()) if path.parent.name == settings.name]
    loaded = [journals.load(path) for path in paths if _scope_fits(settings, path)]
    return [journal for journal in loaded if journal is not None]


def _scope_fits(settings: Settings, path: Path) -> bool:
    return path.parent.parent.name.startswith(_scope(settings))


def _scope(settings: Settings) -> str:
    """How the name of the folder begins in which ``Place.scope`` puts such a deployment."""
    return "endpoint-" if settings.endpoint_url else settings.target


def folder_of(settings: Settings, journal: Journal | None) -> Path | None:
    """The folder of the deployment; if it has no journal, that of the last one of its name."""
    from lambda_over_https.deployment.recorded import history

    if journal is not None:
        return journal.path.parent
    path = history.find(home(), _scope(settings), settings.name)
    return path.parent if path else None


def _fits(settings: Settings, deployment: Deployment) -> bool:
    same_region = settings.region in (None, deployment.region) or deployment.is_sandbox
    return same_region and (settings.endpoint_url or "").rstrip("/") in ("", deployment.endpoint_url)


@dataclass(frozen=True, slots=True)
class Known:
    """A deployment of this machine: its name, its target, and what its journal says if it can be read."""

    name: str
    target: str
    head: Head | None = None

    @property
    def where(self) -> str:
        """Where it is, in words."""
        if self.head is None:
            return self.target
        deployment = self.head.deployment
        elsewhere = deployment.endpoint_url and not deployment.is_sandbox
        return f"{deployment.endpoint_url if elsewhere else self.target}, {deployment.region}"


def all_known() -> Iterator[Known]:
    """Every deployment of this machine, in the order of where it is and of its name."""
    for path in known_journals(home()):
        scope, name, _ = path.parts[-3:]
        try:
            head = journals.head(path)
        except LohError:
            yield Known(name, scope.partition("-")[0])
            continue
        if head is not None:
            yield Known(name, head.deployment.target, head)


def nothing_here(settings: Settings) -> LohError:
    """The error for a deployment that does not exist: when it was removed, or which ones do exist."""
    removed = _removed_at(settings)
    if removed:
        return RemovedError(
            f"{settings.name} was removed at {removed}, and nothing is left of it.",
            "`loh run` makes it again; `loh report` shows what was done.",
        )
    return LohError(
        f"There is no deployment named {settings.name} here.{other_names(settings)}",
        "`loh run` makes it; `loh teardown` checks whether anything of that name exists.",
    )


def _removed_at(settings: Settings) -> str:
    """The last thing that is known of the deployment: when a teardown removed all of it; else nothing."""
    books = home().glob(f"deployments/*/{settings.name}/{logbook.FILE}")
    ends = [logbook.read(each.parent)[-1:] for each in books if _scope_fits(settings, each)]
    moments = [
        end["at"] for (end,) in filter(None, ends) if end["what"] == "teardown" and not end.get("left")
    ]
    return f"{datetime.fromisoformat(max(moments)).astimezone():%Y-%m-%d %H:%M}" if moments else ""


def other_names(settings: Settings) -> str:
    """The deployments that this machine knows, or the one that may be meant, in a sentence; or nothing."""
    known = list(all_known())
    names = {each.name for each in known} - {settings.name}
    close = difflib.get_close_matches(settings.name, sorted(names), 1)
    if close:
        return f" Did you mean --name {close[0]}?"
    told = ", ".join(f"{each.name} ({each.where})" for each in known[:MOST_NAMED])
    more = " and others, which `loh list` shows" if known[MOST_NAMED:] else ""
    return f" This machine knows {told}{more}." if known else ""


def sandbox_is_meant(settings: Settings) -> bool:
    """Whether the settings name this machine's sandbox."""
    return settings.target == SANDBOX and not settings.endpoint_url


def running_sandbox(folder: Path | None = None) -> str:
    """Which sandbox runs: its boot id; empty if none does. ``folder`` is as in ``sandbox_has_ended``.

    Raises LohError if one runs, and cannot be told from others.
    """
    from lambda_over_https.sandbox.client.record import known

    running = known(folder or home())
    return running.boot_id if running else ""


def sandbox_has_ended(journal: Journal, folder: Path | None = None) -> bool:
    """Whether a journal is of a sandbox that does not run any more: what it lists is gone.

    ``folder`` is the state folder; None for the user's own.
    """
    return is_gone(journal.deployment, lambda: running_sandbox(folder))


def standing_journal(settings: Settings) -> Journal | None:
    """The journal of the deployment that is meant, if there is one and it is not of an ended sandbox."""
    journal = journal_on_disk(settings)
    return None if journal is None or sandbox_has_ended(journal) else journal


def is_gone(deployment: Deployment, running: Callable[[], str]) -> bool:
    """Whether a deployment is in a sandbox other than the ``running`` one, which is asked for if need be."""
    return deployment.is_sandbox and running() != deployment.boot_id
