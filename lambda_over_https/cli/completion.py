"""Completion by the Tab key: steps, names, drills, faults. An error completes nothing and says nothing."""

from contextlib import suppress

from lambda_over_https.errors import LohError


def steps(incomplete: str) -> list[tuple[str, str]]:
    """Numbers and names of the steps, with their titles."""
    from lambda_over_https.tutorial.lessons import LESSONS

    known = [(key, lesson.title) for lesson in LESSONS for key in (lesson.number, lesson.name)]
    return [(key, title) for key, title in known if key.startswith(incomplete)]


def chapters(incomplete: str) -> list[tuple[str, str]]:
    """The chapters, with what each shows."""
    from lambda_over_https.tutorial.chapter_lessons import OUTLINES

    return [(each.name, each.shows) for each in OUTLINES if each.name.startswith(incomplete)]


def deployments(incomplete: str) -> list[str]:
    """The names of the deployments on this machine."""
    from lambda_over_https.deployment.journal.places import known_journals
    from lambda_over_https.settings import home

    with suppress(LohError, OSError):
        return sorted(
            {path.parent.name for path in known_journals(home()) if path.parent.name.startswith(incomplete)}
        )
    return []


def drills(incomplete: str) -> list[tuple[str, str]]:
    """The drills, with their titles."""
    from lambda_over_https.practice.drills.registry import DRILLS

    return [(drill.name, drill.title) for drill in DRILLS if drill.name.startswith(incomplete)]


def faults(incomplete: str) -> list[tuple[str, str]]:
    """The sandbox's faults, with a summary of each."""
    from lambda_over_https.sandbox.client.faults import FAULTS

    return [(fault.name, fault.summary) for fault in FAULTS if fault.name.startswith(incomplete)]


def schedules(incomplete: str) -> list[tuple[str, str]]:
    """What `sandbox fire` can fire, with what it is."""
    from lambda_over_https.errors import LohError
    from lambda_over_https.sandbox.client import daemon
    from lambda_over_https.settings import home

    try:
        listed = daemon.schedules(home())
    except (LohError, OSError):  # no sandbox, no names
        return []
    return [(each["name"], each["kind"]) for each in listed if each["name"].startswith(incomplete)]


def operations(incomplete: str) -> list[str]:
    """The operations of the function."""
    known = ("create", "read", "update", "delete", "list", "echo", "ping")
    return [name for name in known if name.startswith(incomplete)]
