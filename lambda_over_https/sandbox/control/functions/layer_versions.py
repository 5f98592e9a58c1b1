"""Versions of Lambda's layers, as the sandbox keeps them.

moto has layers too, but its functions lose a version that is deleted. On AWS they keep it.
"""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.moto_state import lambda_backend
from lambda_over_https.sandbox.model.account import ACCOUNT, PARTITION
from lambda_over_https.sandbox.model.times import lambda_time

_VERSION_ARN = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([^:]+):(\d+)")


@dataclass(slots=True, eq=False)
class LayerVersion:
    """One version. ``content`` is its zip file, ``unzipped`` the bytes of the files in it.

    ``described`` are members of Lambda's API: Description, LicenseInfo, CompatibleRuntimes and
    CompatibleArchitectures. ``statements`` are those of its policy, ``revision`` the policy's RevisionId.
    """

    layer_arn: str
    number: int
    content: bytes
    unzipped: int
    described: dict[str, Any]
    created: str
    digest: str
    statements: list[dict[str, Any]] = field(default_factory=list)
    revision: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def arn(self) -> str:
        """The ARN of this version."""
        return f"{self.layer_arn}:{self.number}"


@dataclass(slots=True)
class LambdaLayer:
    """A layer: its versions by number. Numbers go on from ``latest``, also after versions were deleted."""

    name: str
    arn: str
    latest: int = 0
    versions: dict[int, LayerVersion] = field(default_factory=dict)


def layers_of(region: str) -> dict[str, LambdaLayer]:
    """The layers of the Region, by name."""
    layers: dict[str, LambdaLayer] = vars(lambda_backend(region)).setdefault("layers_of_the_sandbox", {})
    return layers


def layer_name(name_or_arn: str) -> str:
    """The name of a layer that may be named by its ARN."""
    return name_or_arn.split(":")[6] if name_or_arn.startswith("arn:") else name_or_arn


def layer_arn(region: str, name: str) -> str:
    """The ARN of the layer of that name."""
    return f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:layer:{name}"


def split_version_arn(arn: str) -> tuple[str, str, str, int] | None:
    """Region, account, name and number of the version; None if this is no ARN of a version."""
    match = _VERSION_ARN.fullmatch(arn)
    return (match[1], match[2], match[3], int(match[4])) if match else None


def find_version(region: str, name: str, number: int) -> LayerVersion | None:
    """That version of the layer; None if there is none."""
    layer = layers_of(region).get(name)
    return layer.versions.get(number) if layer else None


def find_version_by_arn(arn: str) -> LayerVersion | None:
    """The version of that ARN; None if there is none."""
    parts = split_version_arn(arn)
    return find_version(parts[0], parts[2], parts[3]) if parts and parts[1] == ACCOUNT else None


def add_version(
    region: str, name: str, content: bytes, unzipped: int, described: dict[str, Any]
) -> LayerVersion:
    """Make the layer's next version, and the layer if there is none."""
    layer = layers_of(region).setdefault(name, LambdaLayer(name, layer_arn(region, name)))
    layer.latest += 1
    digest = hashlib.sha256(content).hexdigest()
    version = LayerVersion(layer.arn, layer.latest, content, unzipped, described, lambda_time(), digest)
    layer.versions[version.number] = version
    return version


def attach(function: Any, arns: Sequence[str]) -> list[dict[str, Any]]:
    """Give moto's function these versions, and describe them as Lambda does in ``Layers``."""
    found = [version for arn in arns if (version := find_version_by_arn(arn))]
    function.layer_versions = found
    return [{"Arn": version.arn, "CodeSize": len(version.content)} for version in found]


def attached(function: Any) -> Sequence[LayerVersion]:
    """The versions that moto's function uses, in their order."""
    versions: Sequence[LayerVersion] = vars(function).get("layer_versions", ())
    return versions
