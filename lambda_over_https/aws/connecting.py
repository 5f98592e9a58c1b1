"""Reach a target: who are we there, in which account and region."""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws import arns
from lambda_over_https.aws.cloud import Cloud
from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.errors.meaning import NOT_AWS
from lambda_over_https.aws.place import Place
from lambda_over_https.aws.regions import check_region
from lambda_over_https.aws.sessions import Access, credentials_end, nobodys_access, sealed_access, user_access
from lambda_over_https.errors import CredentialsError, LohError
from lambda_over_https.events import Called, Event, Note
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import DEFAULT_REGION, SANDBOX, Settings

if TYPE_CHECKING:
    from lambda_over_https.aws.waiting.pacing import Pacer

PARTITION = "aws"
"""The sandbox's part of AWS; China and GovCloud are others."""

OPERATOR = "operator"
"""The IAM user that the sandbox takes us for."""

FIRST_ANSWER = 20.0
"""Seconds until the answer to who we are must begin: an address that is silent should show early."""


def connect(
    settings: Settings,
    home: Path,
    run: RunContext,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Cloud, Place]:
    """Reach the chosen target; the sandbox is started if it does not run.

    Raises CredentialsError or LohError when there is no way to identify ourselves there.
    """
    if settings.target == SANDBOX and not settings.endpoint_url:
        return _connect_sandbox(settings, home, run)
    return _connect_account(settings, home, run, environ)


def _pacer(home: Path, account: str, factor: float) -> "Pacer | None":
    """What hands out the account's slots; nothing where nothing is rationed."""
    from lambda_over_https.aws.waiting.pacing import Pacer

    return Pacer(home / "pacing.json", account, factor) if factor else None


def _connect_sandbox(settings: Settings, home: Path, run: RunContext) -> tuple[Cloud, Place]:
    from lambda_over_https.sandbox.client import daemon, record

    region = settings.region or DEFAULT_REGION
    if region != DEFAULT_REGION:
        with explained():
            access = nobodys_access(region)
            check_region(access, region)
            _check_partition(access.session.get_partition_for_region(region), region)
    if record.recorded(home) is None:
        run.emit(Note("", "Starting the sandbox, an AWS on this machine."))
    running = daemon.start(home)
    keys = (running.access_key_id, running.secret_access_key)
    access = replace(
        sealed_access(region, running.ca_bundle, keys),
        is_there=lambda: (found := record.known(home)) is not None and found.boot_id == running.boot_id,
    )
    place = Place(
        target=SANDBOX,
        account=running.account,
        region=region,
        partition=PARTITION,
        caller="",
        endpoint_url=running.endpoint_url,
        web_url=running.https_url,
        boot_id=running.boot_id,
        ca_bundle=running.ca_bundle,
        immediate=not running.timing_factor,
    )
    place = replace(place, caller=arns.user(place, OPERATOR))
    pacer = _pacer(home, f"{SANDBOX} {running.boot_id} {region}", running.timing_factor)
    return _cloud(access, run, settings, pacer, running.endpoint_url), place


def _check_partition(partition: str, region: str) -> None:
    """Raises LohError for a region in which ARNs would begin otherwise than the sandbox makes them."""
    if partition != PARTITION:
        raise LohError(
            f"The sandbox has no Region {region}: it belongs to another partition of AWS, {partition}.",
            f"Choose another one with --region, for example {DEFAULT_REGION}.",
        )


def _connect_account(
    settings: Settings, home: Path, run: RunContext, environ: Mapping[str, str]
) -> tuple[Cloud, Place]:
    from botocore.exceptions import EndpointConnectionError

    with explained():
        access = user_access(settings, settings.region or environ.get("AWS_REGION") or None)
        _check_expiration(access)
        try:
            place = _identified(settings, access, run)
        except EndpointConnectionError as error:
            region = str(access.session.region_name)
            if region in str(error.kwargs.get("endpoint_url")):
                check_region(access, region)  # a Region that there is not has no address either
            raise
    pacer = None if settings.endpoint_url else _pacer(home, place.scope, 1)
    return _cloud(access, run, settings, pacer, settings.endpoint_url), place


def _cloud(
    access: Access, run: RunContext, settings: Settings, pacer: "Pacer | None", endpoint: str | None
) -> Cloud:
    turns = settings.turns
    return Cloud(access, run, settings.patience, endpoint, pacer, settings.read_timeout, turns=turns)


def _identified(settings: Settings, access: Access, run: RunContext) -> Place:
    """Who and where we are there, as STS says; the call is put aside, for step 1 to tell of it."""
    heard: list[Called] = []

    def listen(event: Event) -> None:
        heard.append(event) if isinstance(event, Called) else run.emit(event)

    aside, soon = RunContext(listen, run.clock), min(settings.read_timeout, FIRST_ANSWER)
    sts = Cloud(access, aside, settings.patience, settings.endpoint_url, None, soon).sts
    identity, region = sts.get_caller_identity(), sts.meta.region_name
    _check_identity(identity, sts.meta.endpoint_url)
    url = (settings.endpoint_url or "").rstrip("/")
    return Place(
        target=settings.target,
        account=identity["Account"],
        region=region,
        partition=access.session.get_partition_for_region(region),
        caller=identity["Arn"],
        endpoint_url=url,
        web_url=url,
        ca_bundle=access.ca_bundle or "",
        profile=settings.profile or "",
        identified=heard[-1],
    )


def _check_identity(identity: Mapping[str, Any], url: str) -> None:
    """Raises LohError for what AWS never answers: the account becomes part of names and of a path."""
    account, caller = identity["Account"], identity["Arn"]
    if not re.fullmatch(r"\d{12}", account) or not caller.startswith("arn:"):
        raise LohError(f"{url} is not AWS: it says that the account is {account!r:.60}.", NOT_AWS)


def _check_expiration(access: Access) -> None:
    """Raises CredentialsError for a moment that botocore cannot compare with the clock."""
    ends = credentials_end(access)
    if ends is not None and ends.tzinfo is None:
        raise CredentialsError(
            f"Your AWS credentials expire at {ends.isoformat()}, in no time zone.",
            "AWS_CREDENTIAL_EXPIRATION, or what credential_process prints, must be like"
            " 2030-01-31T12:00:00Z.",
        )
