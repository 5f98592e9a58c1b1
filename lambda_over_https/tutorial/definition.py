r"""The API as it should be, as plain data: what steps 3.3 to 3.6 make, compare with, and deploy.

``TUTORIAL`` is the tutorial's own API. A chapter that is on changes this data (see ``chapters``), and nothing
else: the steps make what the data says, and remove what it no longer holds.

Without a mapping every answer of the function is HTTP 200, errors too. API Gateway compares a
``selectionPattern`` (a Java regular expression) with the whole ``errorMessage``; the order of several
matches is undefined, so these exclude one another. ``[\s\S]*`` stands for "anything": ``.`` stops at a
line end, and ``(.|\n)*`` overflows Java's stack on long messages.
(API Gateway developer guide, "Handle Lambda errors in API Gateway".)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lambda_over_https.names import METHOD, PROD_STATEMENT, STAGE, TEST_STATEMENT

JSON = "application/json"

_CLIENT_FAULT = r"\[BadRequest\][\s\S]*"
_TIMED_OUT = r"(?!\[)[\s\S]*Task timed out after [0-9.]+ seconds"
_ANYTHING_ELSE = rf"(?!\[BadRequest\])(?!{_TIMED_OUT}$)[\s\S]+"
_ERROR_BODY = "{\"message\": $input.json('$.errorMessage')}"


@dataclass(frozen=True, slots=True)
class Response:
    """What becomes of an answer: the HTTP status, the pattern that selects it, the body, its model.

    ``headers`` maps the name of a header to its value (a mapping expression: ``'*'`` in quotes is text).
    """

    status: str
    pattern: str = ""
    template: str = ""
    model: str = "Empty"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of /DynamoDBManager, and where it leads.

    ``integration`` is ``AWS`` (the function) or ``MOCK`` (API Gateway answers by itself), ``template`` the
    body that it makes of a request (empty: the request's own), ``cache_keys`` the query parameters that must
    be there and tell one cached answer from another. ``chapter`` is the chapter that asks for the method.
    """

    verb: str
    responses: tuple[Response, ...]
    integration: str = "AWS"
    template: str = ""
    cache_keys: tuple[str, ...] = ()
    api_key: bool = False
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the function's resource policy: this stage and verb of the API may invoke it."""

    name: str
    stage: str
    verb: str = METHOD
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """What API Gateway answers itself, with headers of ours (a mapping expression each)."""

    type: str
    headers: Mapping[str, str]
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """The whole API; ``policy`` is its resource policy as JSON text, empty for none."""

    methods: tuple[Method, ...] = ()
    gateway_responses: tuple[GatewayResponse, ...] = ()
    statements: tuple[Statement, ...] = ()
    policy: str = ""


Change = Callable[[Api], Api]
"""What a chapter makes of the API."""


POST = Method(
    METHOD,
    (
        Response("200"),
        Response("400", _CLIENT_FAULT, _ERROR_BODY, "Error"),
        Response("500", _ANYTHING_ELSE, _ERROR_BODY, "Error"),
        Response("504", _TIMED_OUT, _ERROR_BODY, "Error"),
    ),
)

TUTORIAL = Api(
    methods=(POST,),
    statements=(Statement(TEST_STATEMENT, "*"), Statement(PROD_STATEMENT, STAGE)),
)

NOTHING = Api()


def changed(api: Api, changes: Iterable[Change]) -> Api:
    """The API with all the changes, one after the other."""
    for change in changes:
        api = change(api)
    return api


def surplus(whole: Api, wanted: Api) -> Api:
    """What ``whole`` has besides what is ``wanted``: methods, statements and responses of other names."""
    return Api(
        methods=_others(whole.methods, wanted.methods, lambda each: each.verb),
        gateway_responses=_others(whole.gateway_responses, wanted.gateway_responses, lambda each: each.type),
        statements=_others(whole.statements, wanted.statements, lambda each: each.name),
        policy="" if wanted.policy else whole.policy,
    )


T = TypeVar("T")


def _others(whole: tuple[T, ...], wanted: tuple[T, ...], name: Callable[[T], str]) -> tuple[T, ...]:
    known = {name(each) for each in wanted}
    return tuple(each for each in whole if name(each) not in known)


def each_method(api: Api, change: Callable[[Method], Method]) -> Api:
    """The API with every method changed."""
    return replace(api, methods=tuple(map(change, api.methods)))


def plain(api: Api) -> dict[str, Any]:
    """All that a deployment of the API serves, as JSON can hold it: permissions are not part of it."""
    from dataclasses import asdict

    return asdict(replace(api, statements=()))
