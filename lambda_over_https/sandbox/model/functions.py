"""A Lambda function, its role's credentials, and the result of an invocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_over_https.sandbox.model.account import DEFAULT_REGION


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys of an assumed role."""

    access_key_id: str
    secret_access_key: str
    session_token: str


@dataclass(frozen=True, slots=True)
class Logging:
    """How a function logs. Levels count only for JSON. ``group`` is empty for ``/aws/lambda/NAME``."""

    json: bool = False
    application_level: str = "INFO"
    system_level: str = "INFO"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """What a worker must know of a Lambda function: what GetFunction answers at this moment.

    ``timeout`` is in seconds, ``memory_size`` in MiB. ``code`` is the folder that holds the unpacked package,
    ``layers`` the one that holds its layers, as /opt does on AWS; None if it has none.
    ``revision`` changes whenever code or configuration does. ``reserved_concurrency`` is what
    PutFunctionConcurrency set: None is no limit, 0 throttles every invocation. ``invoked_arn`` is the ARN by
    which it is invoked, if that has a qualifier. ``may_recurse``: whether Lambda lets it run in a loop.
    ``provisioned`` workers are kept ready.
    """

    arn: str
    name: str
    version: str
    runtime: str
    handler: str
    role: str
    timeout: int
    memory_size: int
    environment: Mapping[str, str]
    code: Path
    revision: str
    region: str = DEFAULT_REGION
    reserved_concurrency: int | None = None
    invoked_arn: str | None = None
    layers: Path | None = None
    logging: Logging = Logging()
    may_recurse: bool = False
    provisioned: int = 0

    @property
    def log_group(self) -> str:
        """Where it logs."""
        return self.logging.group or f"/aws/lambda/{self.name}"

    @property
    def folders(self) -> list[Path]:
        """The folders that its workers need."""
        return [self.code, *([self.layers] if self.layers else [])]


@dataclass(frozen=True, slots=True)
class FunctionUrl:
    """A function URL: the qualified ARN that it runs, and the statements of the policy of that.

    ``signed`` says whether requests must be signed (AuthType AWS_IAM), ``open`` whether anybody may call it
    if not.
    """

    region: str
    arn: str
    open: bool
    signed: bool = False
    policy: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class UrlCaller:
    """Who has signed a request to a function URL."""

    access_key: str
    account: str
    user_arn: str
    user_id: str


@dataclass(frozen=True, slots=True)
class EventSettings:
    """What becomes of asynchronous events: attempts after the first, seconds they may wait, and destinations.

    A destination is the ARN of a function, or None.
    """

    retries: int = 2
    longest_age: float = 21_600
    on_success: str | None = None
    on_failure: str | None = None


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """The result of one invocation: ``payload`` is the function's result or its error document, as JSON.

    ``error`` is None, ``"Unhandled"`` (the function failed) or ``"Handled"``. ``log`` is the last 4 KiB of
    what the invocation logged, ``lineage`` what has run in its chain of requests, itself included.
    """

    payload: bytes
    request_id: str
    executed_version: str = "$LATEST"
    error: str | None = None
    log: bytes = field(default=b"", repr=False)
    lineage: str = ""
