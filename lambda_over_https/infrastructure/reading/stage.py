"""What a call of UpdateStage sets: of the whole stage, or of one method.

The paths of its patches are those of API Gateway's API reference, "UpdateStage". The names of the settings
are those of GetStage's ``methodSettings``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_METHOD = re.compile(r"/(?P<path>[^/]+)/(?P<verb>[^/]+)/(?P<setting>[a-z]+/[A-Za-z]+)")

_SETTINGS = {
    "throttling/rateLimit": "throttlingRateLimit",
    "throttling/burstLimit": "throttlingBurstLimit",
    "caching/enabled": "cachingEnabled",
    "caching/ttlInSeconds": "cacheTtlInSeconds",
    "caching/dataEncrypted": "cacheDataEncrypted",
    "caching/requireAuthorizationForCacheControl": "requireAuthorizationForCacheControl",
    "caching/unauthorizedCacheControlHeaderStrategy": "unauthorizedCacheControlHeaderStrategy",
}


class Setting(NamedTuple):
    """One setting; ``path`` and ``verb`` are empty for one of the whole stage."""

    path: str
    verb: str
    name: str
    value: str | int | float | bool


def stage_settings(patches: Sequence[Mapping[str, Any]]) -> Iterator[Setting]:
    """The settings that patches make; nothing for a patch that is not known here."""
    for patch in patches:
        where, value = patch["path"], _value(patch["value"])
        of_method = _METHOD.fullmatch(where)
        if of_method and of_method["setting"] in _SETTINGS:
            path = of_method["path"].replace("~1", "/").replace("~0", "~")
            yield Setting(path, of_method["verb"], _SETTINGS[of_method["setting"]], value)
        elif where in ("/cacheClusterEnabled", "/cacheClusterSize"):
            yield Setting("", "", where[1:], value if where == "/cacheClusterEnabled" else patch["value"])


def _value(text: str) -> str | int | float | bool:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"\d+(\.0)?", text):
        return int(float(text))
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text
