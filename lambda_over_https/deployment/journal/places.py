"""Where journals are, and where one goes that is not used any more."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from lambda_over_https.deployment.journal.journal import Journal, load


def journal_path(home: Path, scope: str, name: str) -> Path:
    """Where the journal of a deployment is."""
    return home / "deployments" / scope / name / "journal.json"


def known_journals(home: Path) -> Iterator[Path]:
    """Every journal under ``home``, in the order of scope and name.

    One in a folder that may not be looked into is among them: loading it says why it cannot be read.
    Raises OSError if it cannot even be known which deployments there are.
    """
    for scope in _inside(home / "deployments"):
        for folder in _inside(scope):
            path = folder / "journal.json"
            if _may_exist(path):
                yield path


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda each: each.name)  # comparing paths takes ten times as long
    except (FileNotFoundError, NotADirectoryError):
        return []


def _may_exist(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def set_aside(path: Path) -> Path:
    """Move a journal that must not be used out of the way, and say where it is now."""
    return path.rename(_aside(path))


def _aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return path.with_name(f"{path.stem}.{stamp}.bak")


def set_aside_if(path: Path, useless: Callable[[Journal], bool]) -> Path | None:
    """Move the journal that is there now aside, if it is useless; None if it is not, or is gone.

    For whoever holds the lock: what was seen without it may be another run's new journal by now.
    """
    journal = load(path)
    return set_aside(path) if journal is not None and useless(journal) else None


def kept_aside(path: Path) -> Path:
    """Keep a journal that is about to be replaced under a second name, and say which.

    It stays in its place too, so that nothing is lost if the new one cannot be written; only where a file
    cannot have two names is it moved.
    """
    aside = _aside(path)
    try:
        aside.hardlink_to(path)
    except OSError:
        return path.rename(aside)
    return aside
