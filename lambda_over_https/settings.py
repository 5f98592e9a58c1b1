"""One frozen ``Settings``, and where each value came from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_over_https.errors import UsageError
from lambda_over_https.names import DEFAULT_DEPLOYMENT

ENV_PREFIX = "LAMBDA_OVER_HTTPS_"
SANDBOX = "sandbox"
AWS = "aws"
DEFAULT_REGION = "us-east-1"
DEFAULT_PATIENCE = 300
# Lambda's longest function runs for 1,800 s; ours 10 s. The answer of a call comes well within a minute.
READ_TIMEOUT = 60.0
RUNTIMES = {"python": "python3.14", "nodejs": "nodejs24.x"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command was told; ``sources`` maps a field to ``flag``, ``environment`` or ``default``.

    ``patience`` is in seconds: how long to go on asking while AWS says "not yet" or "too many requests".
    ``read_timeout`` (seconds, not an option) is how long an answer may take before the call counts as lost.
    ``turns``: whether to wait for the turn of calls that AWS rations for the whole account.
    """

    name: str = DEFAULT_DEPLOYMENT
    target: str = SANDBOX
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    runtime: str | None = None
    role_arn: str | None = None
    permissions_boundary: str | None = None
    source: Path | None = None
    tutorial_policy: bool | None = None
    patience: int = DEFAULT_PATIENCE
    read_timeout: float = READ_TIMEOUT
    turns: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, str]:
        """The options that were typed and make another command mean the same deployment, and their values."""
        where = ("name", "target", "profile", "region", "endpoint_url")
        said = [field for field in where if self.sources.get(field) == "flag"]
        return {f"--{field.replace('_', '-')}": getattr(self, field) for field in said}


def home() -> Path:
    """The folder of all state: ``LAMBDA_OVER_HTTPS_HOME``, or the platform's user state directory.

    Raises UsageError if the user has no home for it to be in.
    """
    return _folder("HOME", "user_state_dir")


def cache() -> Path:
    """The folder of what can be fetched again: ``LAMBDA_OVER_HTTPS_CACHE``, or the platform's."""
    return _folder("CACHE", "user_cache_dir")


def _folder(name: str, usual: str) -> Path:
    variable = f"{ENV_PREFIX}{name}"
    chosen = os.environ.get(variable)
    try:
        if chosen:
            return Path(chosen).expanduser().absolute()
        import platformdirs

        folder = Path(getattr(platformdirs, usual)("lambda-over-https", appauthor=False))
        return folder.expanduser().absolute()
    except RuntimeError as error:  # nothing can stand for the ~
        whose = chosen.partition("/")[0] if chosen else "this user"
        raise UsageError(
            f"No home folder is known for {whose}.", f"Set {variable} to a folder of yours."
        ) from error
