"""A REST API as the data plane sees it: the deployed definition, and the settings of its stage.

Names and values are those of API Gateway's control plane (GetRestApi, GetResources, GetStage, GetUsagePlan),
in Python's spelling. A map that is absent there is empty here, an absent text is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.model.account import ACCOUNT


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """How an integration's response becomes the method's.

    A ``selection_pattern`` of None or "" makes it the default. ``response_parameters`` maps
    ``method.response.header.X`` to its value: ``integration.response.header.Y``,
    ``integration.response.body.path``, ``context.x``, ``stageVariables.x`` or ``'text'`` (in single quotes).
    """

    status_code: str
    selection_pattern: str | None = None
    response_parameters: Mapping[str, str] = field(default_factory=dict)
    response_templates: Mapping[str, str | None] = field(default_factory=dict)
    content_handling: str | None = None


@dataclass(frozen=True, slots=True)
class Integration:
    """The integration of a method; ``type`` is AWS, AWS_PROXY, MOCK, HTTP or HTTP_PROXY.

    ``responses`` are keyed by status code, ``request_templates`` by content type (or ``$default``).
    ``cache_key_parameters`` are names like ``method.request.querystring.Id``; integrations of one
    ``cache_namespace`` share what is cached. ``skip_verification`` is tlsConfig.insecureSkipVerification.
    """

    type: str
    http_method: str | None = None
    uri: str = ""
    credentials: str | None = None
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    request_templates: Mapping[str, str | None] = field(default_factory=dict)
    passthrough_behavior: str = "WHEN_NO_MATCH"
    content_handling: str | None = None
    timeout_in_millis: int = 29_000
    cache_key_parameters: Sequence[str] = ()
    cache_namespace: str = ""
    skip_verification: bool = False
    responses: Mapping[str, IntegrationResponse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """A status the method may answer with, and the headers (``method.response.header.X``) it may send."""

    status_code: str
    response_models: Mapping[str, str] = field(default_factory=dict)
    response_parameters: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Method:
    """One verb (or ANY) on a resource; ``responses`` are keyed by status code.

    ``request_parameters`` maps ``method.request.{header,querystring,path}.X`` to whether X is required;
    ``request_models`` maps content types (or ``$default``) to names of models.
    """

    http_method: str
    authorization_type: str = "NONE"
    api_key_required: bool = False
    request_parameters: Mapping[str, bool] = field(default_factory=dict)
    request_models: Mapping[str, str] = field(default_factory=dict)
    request_validator_id: str | None = None
    operation_name: str | None = None
    integration: Integration | None = None
    responses: Mapping[str, MethodResponse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One path of the API, in full ("/DynamoDBManager", "/{proxy+}"); ``methods`` are keyed by verb."""

    id: str
    path: str
    methods: Mapping[str, Method] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """A gateway response that the API customises (PutGatewayResponse)."""

    response_type: str
    status_code: str | None = None
    response_parameters: Mapping[str, str] = field(default_factory=dict)
    response_templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model for request bodies: ``schema`` is the text of a JSON schema, draft 04."""

    name: str
    content_type: str
    schema: str


@dataclass(frozen=True, slots=True)
class RequestValidator:
    """What a request validator checks."""

    id: str
    validate_request_body: bool = False
    validate_request_parameters: bool = False


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RestApi:
    """A REST API's definition at one moment: as it is now, or as it was when it was deployed.

    APIs are compared by identity. The gateway compiles each object once, so a snapshot must stay the same
    object for as long as it is deployed. ``resources`` are keyed by resource id, ``gateway_responses`` by
    type, ``models`` by name, ``request_validators`` by id. ``policy`` is the resource policy's document, with
    whole ARNs. ``minimum_compression_size`` is in bytes; None if nothing is compressed.
    """

    id: str
    region: str
    name: str = ""
    account: str = ACCOUNT
    resources: Mapping[str, Resource] = field(default_factory=dict)
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    request_validators: Mapping[str, RequestValidator] = field(default_factory=dict)
    disable_execute_api_endpoint: bool = False
    api_key_source: str = "HEADER"
    binary_media_types: Sequence[str] = ()
    policy: Mapping[str, Any] | None = None
    minimum_compression_size: int | None = None


@dataclass(frozen=True, slots=True)
class Throttle:
    """A rate limit: ``rate_limit`` in requests a second, ``burst_limit`` at once. None means no limit."""

    rate_limit: float | None = None
    burst_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Caching:
    """A method's settings for the stage's cache; ``ttl`` in seconds, 0 means that nothing is cached.

    ``unauthorized`` is unauthorizedCacheControlHeaderStrategy: what becomes of a client that may not renew
    an entry, where ``require_authorization`` asks for the right to.
    """

    enabled: bool = False
    ttl: int = 300
    require_authorization: bool = True
    unauthorized: str = "SUCCEED_WITH_RESPONSE_HEADER"


@dataclass(frozen=True, slots=True)
class Quota:
    """``limit`` requests per ``period`` (DAY, WEEK or MONTH); the first one starts with ``offset`` used."""

    limit: int
    period: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key; ``value`` is what the client sends as ``x-api-key``."""

    id: str
    value: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """A usage plan that covers the stage: its keys, and what each of them may use.

    ``method_throttles`` (the plan's ``apiStages[].throttle``) is keyed by path and verb, as in
    "/DynamoDBManager/POST".
    """

    id: str
    keys: Sequence[ApiKey] = ()
    throttle: Throttle | None = None
    quota: Quota | None = None
    method_throttles: Mapping[str, Throttle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Where a stage logs its requests, and the format: text with variables such as ``$context.status``."""

    group: str
    format: str


EXECUTION_LOGS = "API-Gateway-Execution-Logs_"
"""What the name of a stage's log group begins with; the API's id, a slash and the stage's name follow."""

EVERY_METHOD = "*/*"
"""How a stage's settings name all of its methods."""


@dataclass(frozen=True, slots=True)
class ExecutionLogging:
    """What a stage logs of a method: ``level`` is ERROR or INFO; with ``data_trace`` INFO shows all data."""

    level: str
    data_trace: bool = False


@dataclass(frozen=True, slots=True)
class DeployedStage:
    """A stage: the snapshot that it serves, and its settings, which act without a new deployment.

    ``throttles`` (the stage's ``methodSettings``) are keyed by path and verb with nothing escaped,
    "/DynamoDBManager/POST", or "*/*" for every method; so are the settings of ``caching`` and of
    ``execution_logs``, which holds only methods with a log. ``usage_plans`` are those that name this
    stage in their ``apiStages``. ``cache`` names the stage's cache: it gets another name when it is
    emptied or replaced. None if the stage has none.
    """

    name: str
    deployment_id: str
    api: RestApi
    variables: Mapping[str, str] = field(default_factory=dict)
    throttles: Mapping[str, Throttle] = field(default_factory=dict)
    usage_plans: Sequence[UsagePlan] = ()
    caching: Mapping[str, Caching] = field(default_factory=dict)
    cache: str | None = None
    access_log: AccessLog | None = None
    execution_logs: Mapping[str, ExecutionLogging] = field(default_factory=dict)
