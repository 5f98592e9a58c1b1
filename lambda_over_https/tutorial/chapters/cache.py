"""Cache: GET reads an item by its Id, and the stage keeps the answers of GET for a while."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, STAGE, TABLE_KEY
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.definition import POST, Api, Method, Statement
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, Turn
from lambda_over_https.tutorial.parts.reading import read_stage, settings_in, stage, stage_settings_path
from lambda_over_https.words import told

NAME = "cache"
READ = "GET"
STATEMENT = "apigateway-prod-get"

SIZE = "0.5"
"""Gigabytes: the smallest that there is."""

TTL = 300
"""Seconds for which an answer is kept."""

CHANGED_WITHIN = 900.0
"""Seconds within which API Gateway makes a cache, or deletes it; usually four minutes."""

SINCE = "since"
"""The member of a record's detail that says when the cache was made."""

Patch = Any
"""An operation of UpdateStage: boto3's types want its ``op`` to be one of a few words."""

EVENT = (
    '{"operation": "read", "payload": {"ConsistentRead": true, "Key": {"' + TABLE_KEY + '": '
    "\"$util.escapeJavaScript($input.params('" + TABLE_KEY + '\')).replaceAll("\\\\\'", "\'")"}}}'
)
"""The event that a read makes of the query: without a body, only a mapping template can. The function knows
its table. JSON has no ``\\'``, which escapeJavaScript makes of an apostrophe (API Gateway developer guide,
"Mapping template variable reference")."""

ANSWER = '{"answeredAt": $context.requestTimeEpoch, "answer": $input.json(\'$\')}'
"""The answer with a clock in it, in milliseconds since 1970: in an answer from the cache it stands still."""


def _read_by_get(api: Api) -> Api:
    answered, *errors = POST.responses
    get = Method(
        READ,
        (replace(answered, template=ANSWER), *errors),
        template=EVENT,
        cache_keys=(TABLE_KEY,),
        chapter=NAME,
    )
    allowed = Statement(STATEMENT, STAGE, READ, NAME)
    return replace(api, methods=(*api.methods, get), statements=(*api.statements, allowed))


class Cache(Part):
    """The stage's cache, and the setting that lets GET use it, and no other method."""

    def name(self, stack: Stack) -> str:
        return STAGE

    def look(self, stack: Stack) -> Sighting:
        found = stage(stack)
        changing = _changing(found)
        if not (changing or found.get("cacheClusterEnabled") or _settings(found, READ)):
            return ABSENT
        reason = f"it is still {changing}" if changing else _difference(found)
        return Sighting(Standing.PARTIAL if reason else Standing.OURS, reason, STAGE)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        found = _settled(stack)
        _patch(stack, _corrections(stack, {} if seen.standing is Standing.ABSENT else found))
        _settled(stack)
        record = stack.record(Kind.CACHE)
        since = record.detail.get(SINCE) if record else None
        return Product(STAGE, detail={SINCE: since or datetime.now(UTC).isoformat()})

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        removals = list(_removals(stack, _settled(stack)))
        if removals:
            _patch(stack, removals)
            _settled(stack)
        return bool(removals)


def _settings(found: Mapping[str, Any], verb: str) -> Mapping[str, Any]:
    return settings_in(found).get(f"{PATH}/{verb}") or {}


def _changing(found: Mapping[str, Any]) -> str:
    """What API Gateway is doing with the cache, if that takes a while: nothing may be changed meanwhile."""
    status = found.get("cacheClusterStatus")
    return {"CREATE_IN_PROGRESS": "being created", "DELETE_IN_PROGRESS": "being deleted"}.get(str(status), "")


def _difference(found: Mapping[str, Any]) -> str:
    """How the cache is another one than ours."""
    settings, size = _settings(found, READ), found.get("cacheClusterSize")
    if not found.get("cacheClusterEnabled"):
        return "it is off"
    if size != SIZE:
        return f"it has {size} GB"
    if not settings.get("cachingEnabled"):
        return f"{READ} does not use it"
    if settings.get("cacheTtlInSeconds") != TTL:
        return f"its TTL in seconds is {told(settings.get('cacheTtlInSeconds'))}"
    return f"{METHOD} uses it" if _settings(found, METHOD).get("cachingEnabled") else ""


def _corrections(stack: Stack, found: Mapping[str, Any]) -> Iterator[Patch]:
    """The patch that makes the stage that was found as it should be. Another size would empty the cache."""
    if not found.get("cacheClusterEnabled"):
        yield _replace("/cacheClusterEnabled", "true")
    if found.get("cacheClusterSize") != SIZE:
        yield _replace("/cacheClusterSize", SIZE)
    yield _replace(f"{stage_settings_path(READ)}/caching/enabled", "true")
    yield _replace(f"{stage_settings_path(READ)}/caching/ttlInSeconds", str(TTL))
    yield from _without_post(stack, found)


def _removals(stack: Stack, found: Mapping[str, Any]) -> Iterator[Patch]:
    """The patch that switches the cache off; nothing if it is off already, or the stage is gone."""
    if found.get("cacheClusterEnabled"):
        yield _replace("/cacheClusterEnabled", "false")
    if _settings(found, READ):
        yield {"op": "remove", "path": stage_settings_path(READ)}
    yield from _without_post(stack, found)


def _without_post(stack: Stack, found: Mapping[str, Any]) -> Iterator[Patch]:
    """What takes POST out of the cache, if somebody put it in; its limits stay (the chapter throttle)."""
    if not _settings(found, METHOD).get("cachingEnabled"):
        return
    if stack.record(Kind.METHOD_SETTINGS):
        yield _replace(f"{stage_settings_path(METHOD)}/caching/enabled", "false")
    else:
        yield {"op": "remove", "path": stage_settings_path(METHOD)}


def _replace(path: str, value: str) -> Patch:
    return {"op": "replace", "path": path, "value": value}


def _patch(stack: Stack, operations: Iterable[Patch]) -> None:
    stack.cloud.apigateway.update_stage(
        restApiId=stack.id_of(Kind.REST_API), stageName=STAGE, patchOperations=list(operations)
    )


def _settled(stack: Stack) -> Mapping[str, Any]:
    """The stage, when API Gateway has finished making or deleting its cache."""
    found = read_stage(stack)
    if not (what := _changing(found)):
        return found
    reason = f"The cache is {what}: on AWS that takes about four minutes"
    found = stack.run.repeat_until(
        lambda: read_stage(stack), lambda now: not _changing(now), reason, CHANGED_WITHIN
    )
    if _changing(found):
        raise LohError(f"The cache is still {what}.", "Give the same command again.")
    return found


CACHE = Cache(
    kind=Kind.CACHE,
    owner=Kind.REST_API,
    creates=("apigateway:UpdateStage",),
    updates=("apigateway:UpdateStage",),
    removes=("apigateway:UpdateStage",),
    turn=Turn.FIRST,
    rests_on=(Kind.STAGE,),
    chapter=NAME,
)

CHAPTER = Chapter(
    outline=outline(NAME),
    change=_read_by_get,
    parts=lambda _: (CACHE,),
    calls={
        "apigateway:UpdateStage": needs("stage", "apigateway:PATCH"),
        "apigateway:FlushStageCache": needs("stage", "apigateway:DELETE"),
    },
)
