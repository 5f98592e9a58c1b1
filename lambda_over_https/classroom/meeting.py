"""Where a class takes place: the account and Region that it was made for, and clients for them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.errors import LohError
from lambda_over_https.events import Event
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings, home

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place


def settings_for(settings: Settings, taught: Class | None) -> Settings:
    """The settings with the place of the class, where nothing else was said."""
    if taught is None:
        return settings
    place = {"target": taught.target, "region": taught.region, "endpoint_url": taught.endpoint_url or None}
    missing = {
        key: value for key, value in place.items() if settings.sources.get(key, "default") == "default"
    }
    return replace(settings, **missing)  # type: ignore[arg-type]


@contextmanager
def meeting(settings: Settings, taught: Class | None = None) -> "Iterator[tuple[Cloud, Place]]":
    """Clients for the account of the class; raises LohError if this is another account."""
    from lambda_over_https.aws.connecting import connect

    with explained():
        cloud, place = connect(settings_for(settings, taught), home(), RunContext(_silent))
    if taught and (taught.account, taught.region) != (place.account, place.region):
        raise LohError(
            f"The class {taught.name} is in account {taught.account}, {taught.region}; this is account"
            f" {place.account}, {place.region}.",
            "Pass the --profile of that account.",
        )
    with explained():
        yield cloud, place


def found_class(name: str, prefix: str, students: Sequence[Student], place: "Place") -> Class:
    """A new class at this place."""
    return Class(
        name=name,
        prefix=prefix,
        target=place.target,
        partition=place.partition,
        account=place.account,
        region=place.region,
        endpoint_url="" if place.is_sandbox else place.endpoint_url,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        students=tuple(students),
    )


def _silent(event: Event) -> None:
    """A class has too many events to show: only a long wait would be worth a word, and the sweep tells it."""
    del event
