"""Finds the method of an API that a request is for.

A literal segment wins over a path variable, and a path variable over a greedy one (``{proxy+}``). But a
resource without the verb (or ANY) does not count, so ``OPTIONS`` on ``/{proxy+}`` also serves a literal
resource that has no ``OPTIONS``. Paths are case-sensitive, and a trailing slash does not matter. Source: API
Gateway developer guide, "Set up a proxy integration with a proxy resource"; the order as recorded on AWS.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_over_https.sandbox.model.apis import Method, Resource


@dataclass(frozen=True, slots=True)
class Match:
    """A resource and method, and the path parameters (not decoded) of the request."""

    resource: Resource
    method: Method
    path_parameters: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    """The resources whose paths begin with the same segments."""

    resource: Resource | None = None
    literals: dict[str, "_Node"] = field(default_factory=dict)
    variable: tuple[str, "_Node"] | None = None
    greedy: tuple[str, Resource] | None = None


class Router:
    """Finds methods by path and verb. Built once for each deployment."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._root = _Node()
        for resource in resources:
            _add(self._root, _segments(resource.path), resource)

    def find(self, path: str, verb: str) -> Match | None:
        """Return what serves ``verb`` on ``path``; None if nothing does."""
        return _find(self._root, _segments(path), verb, {})


def _segments(path: str) -> list[str]:
    stripped = path.strip("/")
    return stripped.split("/") if stripped else []


def _add(node: _Node, segments: Sequence[str], resource: Resource) -> None:
    for segment in segments:
        if segment.startswith("{") and segment.endswith("+}"):
            node.greedy = (segment[1:-2], resource)
            return
        node = _variable(node, segment[1:-1]) if segment.startswith("{") else _literal(node, segment)
    node.resource = resource


def _literal(node: _Node, segment: str) -> _Node:
    return node.literals.setdefault(segment, _Node())


def _variable(node: _Node, name: str) -> _Node:
    if node.variable is None:
        node.variable = (name, _Node())
    return node.variable[1]


def _find(node: _Node, segments: Sequence[str], verb: str, taken: Mapping[str, str]) -> Match | None:
    if not segments:
        return _match(node.resource, verb, taken)
    head, rest = segments[0], segments[1:]
    found = _find(node.literals[head], rest, verb, taken) if head in node.literals else None
    if found is None and node.variable is not None and head:
        name, child = node.variable
        found = _find(child, rest, verb, {**taken, name: head})
    if found is None and node.greedy is not None:
        name, resource = node.greedy
        found = _match(resource, verb, {**taken, name: "/".join(segments)})
    return found


def _match(resource: Resource | None, verb: str, taken: Mapping[str, str]) -> Match | None:
    method = (resource.methods.get(verb) or resource.methods.get("ANY")) if resource else None
    return Match(resource, method, taken) if resource and method else None
