"""The AWS that one command talks to: the only builder of clients.

Whatever the target (real AWS, the sandbox, another AWS-compatible endpoint), the same clients come out, with
our retries (see ``retries``) instead of the SDK's and every call reported as a ``Called`` event.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from lambda_over_https.aws.http import CONNECT_TIMEOUT, USER_AGENT, Http
from lambda_over_https.aws.looks.listings import PageCounter
from lambda_over_https.aws.memory import LOOKS, Memory
from lambda_over_https.aws.recording import Recorder
from lambda_over_https.aws.sessions import credentials_end, nobodys_access
from lambda_over_https.aws.waiting.queue import ApiQueue, our_apis
from lambda_over_https.aws.waiting.retries import RetryHandler
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import READ_TIMEOUT

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_wafv2 import WAFV2Client

    from lambda_over_https.aws.place import Place
    from lambda_over_https.aws.sessions import Access
    from lambda_over_https.aws.waiting.pacing import Pacer


SERVICES = ("iam", "lambda", "dynamodb", "apigateway", "logs", "resourcegroupstaggingapi", "sts")
"""What the tutorial calls."""

StandIn = Callable[[Any], Mapping[str, Any]]
"""Makes up the answer to an operation, given its model."""


class Cloud:
    """Clients for one place; made when first asked for, safe to share between threads.

    Without ``turns``, a call that AWS rations is made once, at once, and not again.
    """

    def __init__(
        self,
        access: "Access",
        run: RunContext,
        patience: float,
        endpoint_url: str | None = None,
        pacer: "Pacer | None" = None,
        read_timeout: float = READ_TIMEOUT,
        *,
        turns: bool = True,
        memory: Memory | None = None,
    ) -> None:
        self.run = run
        self.patience = patience
        self.turns = turns
        self.http = Http(access.ca_bundle, read_timeout, direct=access.direct, is_there=access.is_there)
        self._access = access
        self._endpoint = endpoint_url
        self._pacer = pacer
        self._read_timeout = read_timeout
        self._memory = memory
        self._config = _config(read_timeout)
        self._clients: dict[str, Any] = {}

    def unheard(self) -> "Cloud":
        """The same AWS, with calls that are reported to nobody: for looks that repeat every second."""
        return self._again(run=RunContext(lambda _: None))

    def hasty(self) -> "Cloud":
        """The same AWS, without turns for what AWS rations."""
        return self._again(turns=False)

    def remembering(self) -> "Cloud":
        """The same AWS, for one look at many things: what was asked once is not asked again."""
        return self._again(memory=Memory())

    def _again(
        self, run: RunContext | None = None, *, turns: bool = True, memory: Memory | None = None
    ) -> "Cloud":
        where = (self._endpoint, self._pacer, self._read_timeout)
        return Cloud(self._access, run or self.run, self.patience, *where, turns=turns, memory=memory)

    def rehearsing(self, run: RunContext, stand_in: "StandIn") -> "Rehearsal":
        """The same AWS, which is only looked at: any other call is reported, and not sent."""
        made = Rehearsal(self._access, run, self.patience, self._endpoint, self._pacer, self._read_timeout)
        made.stand_in, made.sent = stand_in, LOOKS
        return made

    def credentials_end(self) -> datetime | None:
        """When the credentials expire, if they do and say so."""
        return credentials_end(self._access)

    def client(self, service: str) -> Any:
        """The client of one service."""
        with self._access.making:
            if service not in self._clients:
                self._clients[service] = self._build(service)
            return self._clients[service]

    def led_elsewhere(self) -> dict[str, str]:
        """The services whose calls the user's own AWS settings lead to another address, and the address.

        A variable such as AWS_ENDPOINT_URL does that, or a file of settings; ``--endpoint-url`` is none.
        """
        if self._endpoint:
            return {}
        config: Any = Config  # its stubs know less than it takes
        make: Any = self._access.session.client
        usual = config(ignore_configured_endpoint_urls=True)
        found = {service: self.client(service).meta.endpoint_url for service in SERVICES}
        return {
            service: url
            for service, url in found.items()
            if url != make(service, config=usual).meta.endpoint_url
        }

    def _build(self, service: str) -> Any:
        client = self._access.session.client(service, endpoint_url=self._endpoint, config=self._config)  # type: ignore[call-overload]
        events = client.meta.events
        events.register("before-send", self.http.send)
        factor = self._pacer.factor if self._pacer else 1.0
        queue = ApiQueue(partial(our_apis, client), self.run.clock, factor)
        retries = RetryHandler(self.run, self.patience, queue, turns=self.turns, factor=factor)
        events.register("needs-retry", retries)
        PageCounter().listen(events)
        if self._memory:
            self._memory.listen(events, client.meta.service_model.service_id.hyphenize())
        if self._pacer:
            self._pacer.listen(events, service, self.run, turns=self.turns)
        Recorder(self.run, service).listen(events)
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
    def scheduler(self) -> "EventBridgeSchedulerClient":
        """EventBridge Scheduler."""
        return self.client("scheduler")  # type: ignore[no-any-return]

    @cached_property
    def sts(self) -> "STSClient":
        """STS."""
        return self.client("sts")  # type: ignore[no-any-return]

    @cached_property
    def wafv2(self) -> "WAFV2Client":
        """WAF."""
        return self.client("wafv2")  # type: ignore[no-any-return]


class Rehearsal(Cloud):
    """Clients that do not send: a call is built, checked and reported; ``stand_in`` makes up its answer.

    What is ``sent`` all the same are operations that begin so: none, unless a place is to be looked at.
    """

    stand_in: "StandIn"
    sent: tuple[str, ...] = ()

    def _build(self, service: str) -> Any:
        client = super()._build(service)
        client.meta.events.register("before-call", self._answer)
        return client

    def _answer(self, model: Any, **_: Any) -> tuple[Any, Mapping[str, Any]] | None:
        if model.name.startswith(self.sent):
            return None
        from botocore.awsrequest import AWSResponse
        from botocore.compat import HTTPHeaders

        return AWSResponse("", 200, HTTPHeaders(), None), self.stand_in(model)


def rehearsal(place: "Place", run: RunContext, stand_in: "StandIn") -> Rehearsal:
    """Clients for rehearsing calls at ``place``; ``stand_in`` is given the model of the operation."""
    made = Rehearsal(nobodys_access(place.region), run, 0)
    made.stand_in = stand_in
    return made


def _config(read_timeout: float) -> Config:
    # One try: retries are ours. "standard", because its handler then stays silent instead of raising.
    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=read_timeout,
        user_agent_extra=USER_AGENT,
    )
