"""Reach a target: who are we there, in which account and region."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.aws.cloud import Cloud
from lambda_over_https.aws.explanations import explained
from lambda_over_https.aws.place import Place
from lambda_over_https.aws.sessions import sealed_access, user_access
from lambda_over_https.errors import UsageError
from lambda_over_https.events import Called, Event
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import DEFAULT_REGION, SANDBOX, Settings

if TYPE_CHECKING:
    from lambda_over_https.aws.pacing import Pacer

PARTITION = "aws"
"""The sandbox's part of AWS; China and GovCloud are others."""


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
    from lambda_over_https.aws.pacing import Pacer

    return Pacer(home / "pacing.json", account, factor) if factor else None


def _connect_sandbox(settings: Settings, home: Path, run: RunContext) -> tuple[Cloud, Place]:
    from lambda_over_https.sandbox.client import daemon

    region = settings.region or DEFAULT_REGION
    with explained():
        _check_partition(sealed_access(region).session.get_partition_for_region(region), region)
    running = daemon.start(home)
    access = sealed_access(region, running.ca_bundle)
    place = Place(
        target=SANDBOX,
        account=running.account,
        region=region,
        partition=PARTITION,
        caller=f"arn:aws:iam::{running.account}:user/operator",
        endpoint_url=running.endpoint_url,
        web_url=running.https_url,
        boot_id=running.boot_id,
        ca_bundle=running.ca_bundle,
    )
    pacer = _pacer(home, f"{SANDBOX} {running.boot_id} {region}", running.timing_factor)
    cloud = Cloud(access, run, settings.patience, running.endpoint_url, pacer, settings.read_timeout)
    return cloud, place


def _check_partition(partition: str, region: str) -> None:
    """Raises UsageError for a region in which ARNs would begin otherwise than the sandbox makes them."""
    if partition != PARTITION:
        raise UsageError(
            f"The sandbox has no region {region}: it belongs to another partition of AWS, {partition}.",
            f"Choose another one with --region, for example {DEFAULT_REGION}.",
        )


def _aside(run: RunContext, heard: list[Called]) -> RunContext:
    """The same context, but calls are put aside into ``heard``: step 1 tells of them."""

    def listen(event: Event) -> None:
        heard.append(event) if isinstance(event, Called) else run.emit(event)

    return RunContext(listen, run.clock)


def _connect_account(
    settings: Settings, home: Path, run: RunContext, environ: Mapping[str, str]
) -> tuple[Cloud, Place]:
    with explained():
        region = settings.region or environ.get("AWS_REGION") or None
        access = user_access(settings, region)
        endpoint = settings.endpoint_url
        heard: list[Called] = []
        aside = _aside(run, heard)
        sts = Cloud(access, aside, settings.patience, endpoint, None, settings.read_timeout).sts
        identity, name = sts.get_caller_identity(), sts.meta.region_name
    place = Place(
        target=settings.target,
        account=identity["Account"],
        region=name,
        partition=access.session.get_partition_for_region(name),
        caller=identity["Arn"],
        endpoint_url=(endpoint or "").rstrip("/"),
        web_url=(endpoint or "").rstrip("/"),
        ca_bundle=access.ca_bundle or "",
        profile=settings.profile or "",
        identified=heard[-1],
    )
    pacer = None if endpoint else _pacer(home, place.scope, 1)
    return Cloud(access, run, settings.patience, endpoint, pacer, settings.read_timeout), place
