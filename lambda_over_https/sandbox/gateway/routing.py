"""Which resource of an API a path leads to.

A literal segment wins over a path variable, and a path variable over a greedy one (``{proxy+}``); paths are
case-sensitive and a trailing slash does not count. Source: API Gateway developer guide, "Set up a proxy
integration with a proxy resource" and "Set up a method using the API Gateway console".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_over_https.sandbox.apis import Resource


@dataclass(slots=True)
class _Node:
    """The resources that begin with the same segments."""

    resource: Resource | None = None
    literals: dict[str, "_Node"] = field(default_factory=dict)
    variable: tuple[str, "_Node"] | None = None
    greedy: tuple[str, Resource] | None = None


class Router:
    """Finds resources by path; made once per deployment."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._root = _Node()
        self._known: dict[str, Resource] = {}
        for resource in resources:
            self._known[resource.path] = resource
            _add(self._root, _segments(resource.path), resource)

    def find(self, path: str) -> tuple[Resource, dict[str, str]] | None:
        """Return the resource for ``path`` and its path parameters (not decoded), None if there is none."""
        resource = self._known.get(path) if "{" not in path else None
        if resource is not None:
            return resource, {}
        return _find(self._root, _segments(path), {})


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


def _find(
    node: _Node, segments: Sequence[str], taken: Mapping[str, str]
) -> tuple[Resource, dict[str, str]] | None:
    if not segments:
        return (node.resource, dict(taken)) if node.resource is not None else None
    head, rest = segments[0], segments[1:]
    found = _find(node.literals[head], rest, taken) if head in node.literals else None
    if found is None and node.variable is not None and head:
        name, child = node.variable
        found = _find(child, rest, {**taken, name: head})
    if found is None and node.greedy is not None:
        name, resource = node.greedy
        return resource, {**taken, name: "/".join(segments)}
    return found
