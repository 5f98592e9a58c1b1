"""Sessions for clients: with the user's own AWS settings, or sealed against all of them.

What botocore knows comes from variables, ``~/.aws`` and the environment's proxies. For real AWS that is as it
should be. The sandbox is on this machine and needs none of it: a profile that is missing, a proxy, a region
or an endpoint meant for somebody else's account must neither stop a call to it nor lead one elsewhere.
"""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3

from lambda_over_https.aws.answers import CheckingParsers
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

NO_KEYS = ("none", "none")
"""For a session that calls nobody."""


@dataclass(frozen=True, slots=True)
class Access:
    """A session, and how its clients speak HTTP.

    ``ca_bundle`` is a file of certificates to trust instead of the usual ones; ``direct``: without a proxy.
    ``is_there`` says whether the other side is what it was, where it is a sandbox, which may end. Hold
    ``making`` while the session makes a client: it is not thread-safe (boto3 guide, "Session").
    """

    session: "boto3.Session"
    ca_bundle: str | None = None
    direct: bool = False
    is_there: Callable[[], bool] = lambda: True
    making: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)


def user_access(settings: Settings, region: str | None) -> Access:
    """Access with all that the user has set for AWS; ``region`` and the profile are chosen on top."""
    from botocore.session import Session

    inner = Session(profile=settings.profile)
    inner.register_component("response_parser_factory", CheckingParsers())
    session = boto3.Session(region_name=region, botocore_session=inner)
    return Access(session, inner.get_config_variable("ca_bundle"))


def sealed_access(region: str, ca_bundle: str | None = None, keys: tuple[str, str] = NO_KEYS) -> Access:
    """Access made of constants: its session reads no variable, no file of the user's, and asks nobody.

    ``keys`` are an access key and its secret.
    """
    from botocore.config import Config
    from botocore.configprovider import ConfigValueStore
    from botocore.session import Session

    inner = Session()
    inner.register_component("config_store", ConfigValueStore(mapping=_constants(region)))
    inner.register_component("data_loader", _models())
    inner.register_component("response_parser_factory", CheckingParsers())
    inner.set_default_client_config(Config(proxies={}))
    session = boto3.Session(*keys, botocore_session=inner)
    return Access(session, ca_bundle, direct=True)


@functools.cache
def nobodys_access(region: str) -> Access:
    """Access without keys, for clients that do not send: to make a session takes longer than they live."""
    return sealed_access(region)


def credentials_end(access: Access) -> datetime | None:
    """When the session's credentials expire, if they do and say so."""
    end: datetime | None = getattr(access.session.get_credentials(), "_expiry_time", None)
    return end


def _constants(region: str) -> dict[str, Any]:
    """The settings of botocore, each at the value that it has where nobody has set anything."""
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConstantProvider

    values = {name: usual for name, (_, _, usual, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    own = {
        "region": region,
        "ca_bundle": True,  # the certificates that botocore brings along
        "config_file": None,
        "credentials_file": None,
        "ignore_configured_endpoint_urls": True,
    }
    return {name: ConstantProvider(value) for name, value in {**values, **own}.items()}


@functools.cache
def service_model(service: str) -> "ServiceModel":
    """What botocore knows of a service: its operations, and the shapes of what they take and answer."""
    from botocore.model import ServiceModel

    return ServiceModel(_models().load_service_model(service, "service-2"), service)


@functools.cache
def _models() -> "Loader":
    """The models that botocore brings along, without those that a user may keep in ``~/.aws/models``."""
    from botocore.loaders import Loader

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
