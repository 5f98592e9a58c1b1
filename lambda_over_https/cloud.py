"""The AWS that one command talks to: the only builder of clients.

Whatever the target (real AWS, the sandbox, another AWS-compatible endpoint), the same clients come out, with
our retries (see ``retries``) instead of the SDK's and every call reported as a ``Called`` event.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from lambda_over_https.aws_errors import explained
from lambda_over_https.events import Called, current_step
from lambda_over_https.names import PATH_PART, STAGE
from lambda_over_https.retries import Pauses, RetryHandler
from lambda_over_https.settings import AWS, DEFAULT_REGION, SANDBOX, Settings

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_sts import STSClient

    from lambda_over_https.pacing import Pacer

# Lambda's longest function runs for 900 s; ours 10 s. The answer of a call comes well within a minute.
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 60

SANDBOX_KEY = "test"
"""The sandbox takes any key; this is the one we use."""

SECRET_PARAMETERS = frozenset({"ZipFile", "SecretAccessKey", "SessionToken", "Location", "value"})


@dataclass(frozen=True)
class Place:
    """Where a deployment lives, and what HTTPS needs to get there.

    ``boot_id`` is the sandbox's (empty elsewhere), ``ca_bundle`` the file of its certificate authority,
    ``caller`` the ARN that AWS knows us by, ``web_url`` the root of the endpoint's own data plane.
    """

    target: str
    account: str
    region: str
    partition: str
    caller: str
    endpoint_url: str = ""
    web_url: str = ""
    boot_id: str = ""
    ca_bundle: str = ""
    profile: str = ""

    @property
    def scope(self) -> str:
        """The folder of its journals: one for the sandbox, one an account and region, one an endpoint."""
        if self.boot_id:
            return SANDBOX
        if not self.endpoint_url:
            return f"{AWS}-{self.account}-{self.region}"
        slug = "".join(letter if letter.isalnum() else "-" for letter in self.endpoint_url)
        return f"endpoint-{slug}-{self.account}-{self.region}"

    def invoke_url(self, api_id: str) -> str:
        """The URL of POST /DynamoDBManager on stage prod of REST API ``api_id``."""
        if self.web_url:
            return f"{self.web_url}/_aws/execute-api/{api_id}/{STAGE}/{PATH_PART}"
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"https://{api_id}.execute-api.{self.region}.{suffix}/{STAGE}/{PATH_PART}"


class Cloud:
    """Clients for one place; made when first asked for, safe to share between threads."""

    def __init__(self, session: boto3.Session, config: Config, pauses: Pauses, patience: float) -> None:
        self.pauses = pauses
        self.patience = patience
        self._session = session
        self._config = config
        self._endpoint: str | None = None
        self._pacer: Pacer | None = None
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    def at(self, endpoint: str | None) -> "Cloud":
        """Send everything to ``endpoint`` instead of AWS."""
        self._endpoint = endpoint
        return self

    def paced(self, pacer: "Pacer | None") -> "Cloud":
        """Keep to the account's rates with ``pacer``, in the clients made from now on."""
        self._pacer = pacer
        return self

    def client(self, service: str) -> Any:
        """The client of one service."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._build(service)
            return self._clients[service]

    def _build(self, service: str) -> Any:
        client = self._session.client(service, endpoint_url=self._endpoint, config=self._config)  # type: ignore[call-overload]
        events = client.meta.events
        events.register(f"needs-retry.{service}", RetryHandler(self.pauses, self.patience))
        if self._pacer:
            self._pacer.listen(events, service, self.pauses)
        _Recorder(self.pauses, service).listen(events)
        return client

    @cached_property
    def iam(self) -> "IAMClient":
        """IAM."""
        return self.client("iam")  # type: ignore[no-any-return]

    @cached_property
    def lambda_(self) -> "LambdaClient":
        """Lambda."""
        return self.client("lambda")  # type: ignore[no-any-return]

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """DynamoDB."""
        return self.client("dynamodb")  # type: ignore[no-any-return]

    @cached_property
    def apigateway(self) -> "APIGatewayClient":
        """API Gateway (REST APIs)."""
        return self.client("apigateway")  # type: ignore[no-any-return]

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """CloudWatch Logs."""
        return self.client("logs")  # type: ignore[no-any-return]

    @cached_property
    def tagging(self) -> "ResourceGroupsTaggingAPIClient":
        """Resource Groups Tagging API."""
        return self.client("resourcegroupstaggingapi")  # type: ignore[no-any-return]

    @cached_property
    def sts(self) -> "STSClient":
        """STS."""
        return self.client("sts")  # type: ignore[no-any-return]


class Rehearsal(Cloud):
    """Clients that never send: a call is built, checked and reported; ``stand_in`` makes up its answer."""

    stand_in: Callable[[Any], Mapping[str, Any]]

    def _build(self, service: str) -> Any:
        client = super()._build(service)
        client.meta.events.register("before-call", self._answer)
        return client

    def _answer(self, model: Any, **_: Any) -> tuple[Any, Mapping[str, Any]]:
        from botocore.awsrequest import AWSResponse
        from botocore.compat import HTTPHeaders

        return AWSResponse("", 200, HTTPHeaders(), None), self.stand_in(model)


def rehearsal(place: Place, pauses: Pauses, stand_in: Callable[[Any], Mapping[str, Any]]) -> Rehearsal:
    """Clients for rehearsing calls at ``place``; ``stand_in`` is given the model of the operation."""
    session = boto3.Session(SANDBOX_KEY, SANDBOX_KEY, region_name=place.region)
    made = Rehearsal(session, _config(), pauses, 0)
    made.stand_in = stand_in
    return made


class _Recorder:
    """Reports each call from botocore's own events, with secrets taken out."""

    def __init__(self, pauses: Pauses, service: str) -> None:
        self._pauses = pauses
        self._service = service

    def listen(self, events: Any) -> None:
        events.register("provide-client-params", self._begin)
        events.register("after-call", self._answered)
        events.register("after-call-error", self._failed)

    def _begin(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["loh_call"] = (without_secrets(params), self._pauses.clock())

    def _answered(self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        answer = {key: value for key, value in parsed.items() if key != "ResponseMetadata"}
        attempts = 1 + parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        error = parsed.get("Error", {}).get("Code", "")
        self._report(model.name, context, without_secrets(answer), error, attempts)

    def _failed(self, exception: Exception, context: dict[str, Any], event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        self._report(operation, context, {}, type(exception).__name__, 1)

    def _report(
        self, operation: str, context: dict[str, Any], answer: Mapping[str, Any], error: str, attempts: int
    ) -> None:
        parameters, began = context.get("loh_call", ({}, self._pauses.clock()))
        seconds = self._pauses.clock() - began
        step = current_step.get()
        self._pauses.emit(
            Called(step, self._service, operation, parameters, answer, error, seconds, attempts)
        )


def without_secrets(value: Any) -> Any:
    """A copy of a call's parameters or answer that may be kept: secrets and archives named, not held."""
    if isinstance(value, Mapping):
        return {
            key: _described(each) if key in SECRET_PARAMETERS else without_secrets(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(each) for each in value]
    return value if isinstance(value, str | int | float | bool | type(None) | bytes) else str(value)


def _described(value: Any) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else "<hidden>"


def connect(
    settings: Settings,
    home: Path,
    pauses: Pauses,
    environ: Mapping[str, str] = os.environ,
    sandbox: Callable[[Path], Any] | None = None,
) -> tuple[Cloud, Place]:
    """Reach the chosen target; ``sandbox`` starts (or finds) the local one.

    Raises CredentialsError or LohError when there is no way to identify ourselves there.
    """
    if settings.target == SANDBOX and not settings.endpoint_url:
        return _connect_sandbox(settings, home, pauses, sandbox)
    cloud, place = _connect_account(settings, pauses, environ)
    return cloud.paced(None if settings.endpoint_url else _pacer(home, place.scope, 1)), place


def _config() -> Config:
    # One try: retries are ours. "standard", because its handler then stays silent instead of raising.
    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        user_agent_extra=f"lambda-over-https/{version('lambda-over-https')}",
    )


def _pacer(home: Path, account: str, factor: float) -> "Pacer | None":
    """What hands out the account's slots; nothing where nothing is rationed."""
    from lambda_over_https.pacing import Pacer

    return Pacer(home / "pacing.json", account, factor) if factor else None


def _connect_sandbox(
    settings: Settings, home: Path, pauses: Pauses, sandbox: Callable[[Path], Any] | None
) -> tuple[Cloud, Place]:
    from lambda_over_https.sandbox import daemon

    running = (sandbox or daemon.start)(home)
    region = settings.region or DEFAULT_REGION
    session = boto3.Session(
        aws_access_key_id=SANDBOX_KEY,
        aws_secret_access_key=SANDBOX_KEY,
        region_name=region,
    )
    place = Place(
        target=SANDBOX,
        account=running.account,
        region=region,
        partition="aws",
        caller=f"arn:aws:iam::{running.account}:root",
        endpoint_url=running.endpoint_url,
        web_url=running.https_url,
        boot_id=running.boot_id,
        ca_bundle=running.ca_bundle,
    )
    cloud = Cloud(session, _config(), pauses, settings.patience).at(running.endpoint_url)
    account = f"{SANDBOX} {running.boot_id} {region}"
    return cloud.paced(_pacer(home, account, running.timing_factor)), place


def _connect_account(settings: Settings, pauses: Pauses, environ: Mapping[str, str]) -> tuple[Cloud, Place]:
    with explained():
        region = settings.region or environ.get("AWS_REGION") or None
        session = boto3.Session(profile_name=settings.profile, region_name=region)
        endpoint = settings.endpoint_url
        cloud = Cloud(session, _config(), pauses, settings.patience).at(endpoint)
        identity = cloud.sts.get_caller_identity()
        name = cloud.sts.meta.region_name
    place = Place(
        target=settings.target,
        account=identity["Account"],
        region=name,
        partition=session.get_partition_for_region(name),
        caller=identity["Arn"],
        endpoint_url=(endpoint or "").rstrip("/"),
        web_url=(endpoint or "").rstrip("/"),
        profile=settings.profile or "",
    )
    return cloud, place


def now() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()
