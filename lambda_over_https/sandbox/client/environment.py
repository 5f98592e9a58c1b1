"""The variables that make the ``aws`` command, SDKs and other clients use the sandbox."""

import os
from pathlib import Path

from lambda_over_https.sandbox.client import trust
from lambda_over_https.sandbox.client.proxies import without_proxy
from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.settings import DEFAULT_REGION


def environment(found: Sandbox, region: str = DEFAULT_REGION) -> dict[str, str]:
    """The endpoint for SDKs, the operator's keys, the region, and a bundle of authorities for all clients.

    The bundle holds the sandbox's authority and those that this shell trusts; ``SANDBOX_CA`` only the first.
    """
    bundle = trust.write_bundle(Path(found.ca_bundle), os.environ)
    return {
        "AWS_ENDPOINT_URL": found.endpoint_url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        **region_variables(region),
        "AWS_ACCESS_KEY_ID": found.access_key_id,
        "AWS_SECRET_ACCESS_KEY": found.secret_access_key,
        **dict.fromkeys(trust.VARIABLES, str(bundle)),
        "SANDBOX_CA": found.ca_bundle,
        **without_proxy(os.environ),
    }


def region_variables(region: str) -> dict[str, str]:
    """The region under both names: SDKs differ in which one they read."""
    return {"AWS_DEFAULT_REGION": region, "AWS_REGION": region}
