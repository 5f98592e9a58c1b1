"""Step 3.3: the POST method, and further methods that chapters ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH
from lambda_over_https.tutorial import definition
from lambda_over_https.tutorial.definition import NOTHING, Api
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import method_address, method_of
from lambda_over_https.tutorial.parts.step import Step

AUTHORIZATION = "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(Part):
    """A method of /DynamoDBManager, open to everybody as in the tutorial."""

    wanted: definition.Method

    def name(self, stack: Stack) -> str:
        return f"{self.wanted.verb} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        method = method_of(stack, self.wanted.verb)
        if not method:
            return ABSENT
        if method.get("authorizationType") != AUTHORIZATION:
            return Sighting(Standing.PARTIAL, "it is not open to everybody", self.wanted.verb)
        if bool(method.get("apiKeyRequired")) != self.wanted.api_key:
            needs = "asks for no API key" if self.wanted.api_key else "asks for an API key"
            return Sighting(Standing.PARTIAL, f"it {needs}", self.wanted.verb)
        if (method.get("requestParameters") or {}) != _parameters(self.wanted):
            return Sighting(Standing.PARTIAL, "it takes other parameters", self.wanted.verb)
        return Sighting(Standing.OURS, id=self.wanted.verb)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        apigateway, address = stack.cloud.apigateway, method_address(stack, self.wanted.verb)
        if seen.standing is Standing.ABSENT:
            apigateway.put_method(**address, authorizationType=AUTHORIZATION, **_settings(self.wanted))
        else:
            operations = list(_corrections(self.wanted, method_of(stack, self.wanted.verb)))
            apigateway.update_method(**address, patchOperations=operations)
        return Product(self.wanted.verb)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, address = stack.cloud.apigateway, method_address(stack, self.wanted.verb)
        return deleted(lambda: apigateway.delete_method(**address), apigateway.exceptions.NotFoundException)


def _parameters(wanted: definition.Method) -> dict[str, bool]:
    """The request's parameters: each must be there."""
    return {f"method.request.querystring.{name}": True for name in wanted.cache_keys}


def _settings(wanted: definition.Method) -> dict[str, Any]:
    """What PutMethod is told besides, where it is not API Gateway's default."""
    settings: dict[str, Any] = {"apiKeyRequired": True} if wanted.api_key else {}
    return settings | ({"requestParameters": _parameters(wanted)} if wanted.cache_keys else {})


def _corrections(wanted: definition.Method, found: Mapping[str, Any]) -> Iterable[Any]:
    """The patch that makes the method found the one that is wanted."""
    if found.get("authorizationType") != AUTHORIZATION:
        yield {"op": "replace", "path": "/authorizationType", "value": AUTHORIZATION}
    if bool(found.get("apiKeyRequired")) != wanted.api_key:
        yield {"op": "replace", "path": "/apiKeyRequired", "value": str(wanted.api_key).lower()}
    there, right = found.get("requestParameters") or {}, _parameters(wanted)
    for name in there.keys() - right.keys():
        yield {"op": "remove", "path": f"/requestParameters/{name}"}
    for name, value in right.items():
        if there.get(name) != value:
            yield {"op": "add", "path": f"/requestParameters/{name}", "value": str(value).lower()}


def _part(method: definition.Method) -> Method:
    # Where the method leads and what it answers are other parts: of that nothing changes this one.
    wanted = replace(method, responses=(), integration="", template="")
    return Method(
        kind=Kind.METHOD,
        owner=Kind.REST_API,
        creates=("apigateway:PutMethod",),
        updates=("apigateway:UpdateMethod",),
        removes=("apigateway:DeleteMethod",),
        cascades=True,
        rests_on=(Kind.RESOURCE,),
        deployed_with=Kind.STAGE,
        chapter=wanted.chapter,
        wanted=wanted,
    )


def step(api: Api, former: Api = NOTHING) -> Step:
    """The step that makes the methods of ``api``, and removes those of ``former``."""
    parts, leaving = tuple(map(_part, api.methods)), tuple(map(_part, former.methods))
    return Step(lesson("3.3"), needs=("3.2",), parts=lambda _: parts, former=lambda _: leaving)
