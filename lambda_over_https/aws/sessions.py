"""Sessions for clients: with the user's own AWS settings, or sealed against all of them.

What botocore knows comes from variables, ``~/.aws`` and the environment's proxies. For real AWS that is as it
should be. The sandbox is on this machine and needs none of it: a profile that is missing, a proxy, a region
or an endpoint meant for somebody else's account must neither stop a call to it nor lead one elsewhere.
"""

import functools
from typing import TYPE_CHECKING, Any

import boto3

from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from botocore.loaders import Loader

SANDBOX_KEY = "test"
"""The sandbox takes any key; this is the one we use."""


def user_session(settings: Settings, region: str | None) -> "boto3.Session":
    """A session with all that the user has set for AWS; ``region`` and the profile are chosen on top."""
    return boto3.Session(profile_name=settings.profile, region_name=region)


def sealed_session(region: str) -> "boto3.Session":
    """A session made of constants: it reads no variable, no file of the user's and asks nobody.

    Its clients use no proxy, whatever the environment says.
    """
    from botocore.config import Config
    from botocore.configprovider import ConfigValueStore
    from botocore.session import Session

    inner = Session()
    inner.register_component("config_store", ConfigValueStore(mapping=_constants(region)))
    inner.register_component("data_loader", _models())
    inner.set_default_client_config(Config(proxies={}))
    return boto3.Session(SANDBOX_KEY, SANDBOX_KEY, botocore_session=inner)


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
def _models() -> "Loader":
    """The models that botocore brings along, without those that a user may keep in ``~/.aws/models``."""
    from botocore.loaders import Loader

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
