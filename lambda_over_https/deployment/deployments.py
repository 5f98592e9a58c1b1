"""The deployments that this machine knows, by their journals. No AWS call is made, so it is quick."""

import difflib
from pathlib import Path

from lambda_over_https.deployment import journal as journals
from lambda_over_https.deployment.journal import Deployment, Journal
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.settings import SANDBOX, Settings, home


def journal_on_disk(settings: Settings) -> Journal | None:
    """The journal of the deployment that is meant, or None; raises LohError if several fit."""
    fitting = [journal for journal in _namesakes(settings) if _fits(settings, journal.deployment)]
    if len(fitting) > 1:
        places = ", ".join(f"{each.deployment.account} {each.deployment.region}" for each in fitting)
        raise UsageError(
            f"There are several deployments named {settings.name}: {places}.",
            "Say which with --region, --profile or --endpoint-url.",
        )
    return fitting[0] if fitting else None


def known_journal(settings: Settings) -> Journal:
    """The journal of the deployment that is meant; raises LohError if there is none."""
    journal = journal_on_disk(settings)
    if journal is None:
        raise nothing_here(settings)
    return journal


def _namesakes(settings: Settings) -> list[Journal]:
    paths = [path for path in journals.known_journals(home()) if path.parent.name == settings.name]
    loaded = [journals.load(path) for path in paths if _scope_fits(settings, path)]
    return [journal for journal in loaded if journal is not None]


def _scope_fits(settings: Settings, path: Path) -> bool:
    return path.parent.parent.name.startswith("endpoint-" if settings.endpoint_url else settings.target)


def _fits(settings: Settings, deployment: Deployment) -> bool:
    same_region = settings.region in (None, deployment.region) or bool(deployment.boot_id)
    return same_region and (settings.endpoint_url or "").rstrip("/") in ("", deployment.endpoint_url)


def nothing_here(settings: Settings) -> LohError:
    """The error for a deployment that does not exist."""
    names = {path.parent.name for path in journals.known_journals(home())} - {settings.name}
    close = difflib.get_close_matches(settings.name, sorted(names), 1)
    hint = "`loh run` makes it; `loh doctor` looks whether anything of that name is left."
    return LohError(
        f"There is no deployment named {settings.name} here.",
        f"Did you mean --name {close[0]}? Or: {hint}" if close else hint,
    )


def other_names(settings: Settings) -> str:
    """The other deployments that this machine knows, or the one that may be meant, in a sentence."""
    names = {path.parent.name for path in journals.known_journals(home())} - {settings.name}
    close = difflib.get_close_matches(settings.name, sorted(names), 1)
    if close:
        return f" Did you mean --name {close[0]}?"
    return f" It knows {', '.join(sorted(names))}." if names else ""


def sandbox_is_meant(settings: Settings) -> bool:
    """Whether the settings name this machine's sandbox."""
    return settings.target == SANDBOX and not settings.endpoint_url


def sandbox_runs() -> bool:
    """Whether this machine's sandbox runs."""
    from lambda_over_https.sandbox.client.record import recorded

    return recorded(home()) is not None


def sandbox_has_ended(journal: Journal) -> bool:
    """Whether a journal is of a sandbox that does not run any more: what it lists is gone."""
    if journal.deployment.target != SANDBOX or not journal.deployment.boot_id:
        return False
    from lambda_over_https.sandbox.client.record import recorded

    running = recorded(home())
    return running is None or running.boot_id != journal.deployment.boot_id
