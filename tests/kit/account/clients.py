"""Plain boto3 clients, and the SDK's models, made once for all tests of a process.

To make a client takes as long as three calls; to make a session that reads a model, as long as two.
"""

import functools
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.model import ServiceModel


@functools.cache
def client(
    service: str,
    endpoint_url: str,
    region: str,
    keys: tuple[str, str] | tuple[str, str, str | None],
    *,
    retries: bool = True,
) -> Any:
    """A client with these keys (and their session's token); without ``retries`` each refusal is seen."""
    key, secret, token = (*keys, None)[:3]
    make: Any = _session().client
    return make(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=None if retries else Config(retries={"total_max_attempts": 1}),
    )


@functools.cache
def service_model(service: str) -> ServiceModel:
    """What the SDK knows about a service: its operations and their shapes."""
    return _models().get_service_model(service)


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session(botocore_session=_models())


@functools.cache
def _models() -> botocore.session.Session:
    return botocore.session.get_session()
