"""An OpenAPI document as API Gateway reads it, in either version.

API Gateway developer guide, "Develop REST APIs using OpenAPI in API Gateway", "OpenAPI extensions for API
Gateway" and "Set the OpenAPI basePath property".
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.pointers import followed

EXTENSION = "x-amazon-apigateway-"
VERBS = {
    **{verb: verb.upper() for verb in ("get", "put", "post", "delete", "patch", "options", "head")},
    f"{EXTENSION}any-method": "ANY",
}
"""The members of a path that are methods, and API Gateway's verb for each."""

_BESIDES = frozenset({"$ref", "description", "parameters", "servers", "summary"})
_DEPTH = 20
_LARGEST = 6 * 1024 * 1024  # API Gateway's limit for a definition (developer guide, "Quotas"), there in bytes


class Node(Mapping[str, Any]):
    """An object of the document at ``place`` (``paths./pets.get``). It refuses members of the wrong type."""

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, dict):
            raise invalid(f"{place or 'the document'} is not an object")
        self._content = content
        self.place = place

    def __getitem__(self, name: str) -> Any:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    @property
    def plain(self) -> dict[str, Any]:
        """The object itself."""
        return self._content

    def node(self, name: str) -> "Node":
        """The object under ``name``; an empty one if it is missing."""
        content = self._content.get(name)
        return Node({} if content is None else content, self._at(name))

    def nodes(self, name: str) -> list["Node"]:
        """The objects in the list under ``name``; none if it is missing."""
        return [Node(item, f"{self._at(name)}[{at}]") for at, item in enumerate(self._items(name))]

    def texts(self, name: str) -> list[str]:
        """The texts in the list under ``name``; none if it is missing."""
        return [str(item) for item in self._items(name)]

    def _items(self, name: str) -> list[Any]:
        items = self._content.get(name)
        if not isinstance(items, list | None):
            raise invalid(f"{self._at(name)} is not a list")
        return items or []

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


def invalid(what: str) -> AwsError:
    """The refusal of a document that is not OpenAPI."""
    return AwsError("BadRequestException", f"Invalid OpenAPI input. {what[0].upper()}{what[1:]}.")


def unsupported(what: str) -> AwsError:
    """The refusal of a feature that API Gateway imports and the sandbox does not."""
    return AwsError("NotImplemented", f"The sandbox does not import {what}.", 501)


def check_extensions(node: Node, *known: str) -> None:
    """Refuse API Gateway's extensions that are not among ``known`` (names without the prefix)."""
    for name in node:
        if name.startswith(EXTENSION) and name.removeprefix(EXTENSION) not in known:
            raise unsupported(f"{name} ({node.place or 'at the top of the document'})")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method: ``path`` as in the document, ``verb`` as in API Gateway, ``parameters`` with the path's."""

    path: str
    verb: str
    node: Node
    parameters: Sequence[Node]


class Document:
    """An OpenAPI document. AwsError BadRequestException if it is not one."""

    def __init__(self, body: bytes) -> None:
        self.root = Node(_read(body), "")
        version = str(self.root.get("swagger") or self.root.get("openapi"))
        if not re.match(r"2\.0$|3\.0\b", version):
            raise invalid("neither swagger 2.0 nor openapi 3.0")
        self.swagger = version == "2.0"
        components = self.root if self.swagger else self.root.node("components")
        self.models = components.node("definitions" if self.swagger else "schemas")
        self.schemes = components.node("securityDefinitions" if self.swagger else "securitySchemes")

    def extension(self, name: str) -> Any:
        """The document's extension ``x-amazon-apigateway-NAME``; None if it is missing."""
        return self.root.get(f"{EXTENSION}{name}")

    def resolved(self, node: Node) -> Node:
        """The node that ``$ref`` refers to; the node itself if it has no ``$ref``."""
        for _ in range(_DEPTH):
            if "$ref" not in node:
                return node
            node = self._at(str(node["$ref"]))
        raise invalid(f"{node.place} refers to itself")

    def _at(self, reference: str) -> Node:
        found = followed(self.root.plain, reference)
        if found is None or not reference.startswith("#/"):
            raise invalid(f"the reference {reference} points to nothing")
        return Node(found, reference.removeprefix("#/").replace("/", "."))

    def prefix(self, mode: str) -> str:
        """The prefix of every path: the base path is ignored, prepended, or used without its first part."""
        parts = [part for part in self._base_path().split("/") if part]
        kept = {"ignore": [], "prepend": parts, "split": parts[1:]}.get(mode)
        if kept is None:
            raise AwsError("BadRequestException", f"Invalid value for parameter basepath: {mode}")
        return "".join(f"/{part}" for part in kept)

    def _base_path(self) -> str:
        if self.swagger:
            return str(self.root.get("basePath") or "")
        servers = self.root.nodes("servers")
        for variables in [server.node("variables") for server in servers]:
            if "basePath" in variables:
                return str(variables.node("basePath").get("default") or "")
        url = str(servers[0].get("url") or "") if servers else ""
        return re.sub(r"^[a-z]+://[^/]*", "", url)

    def paths(self) -> Iterator[tuple[str, list[Operation]]]:
        """Every path with its methods, in the document's order."""
        paths = self.root.node("paths")
        for path in paths:
            if path.startswith("x-"):
                continue
            if not path.startswith("/"):
                raise invalid(f"the path {path} does not begin with /")
            yield path, list(self._operations(path, self.resolved(paths.node(path))))

    def _operations(self, path: str, item: Node) -> Iterator[Operation]:
        check_extensions(item, "any-method")
        for name in item:
            if name not in VERBS and name not in _BESIDES and not name.startswith("x-"):
                raise unsupported(f"{item.place}.{name}")
        for name, verb in VERBS.items():
            if name in item:
                node = item.node(name)
                both = [
                    self.resolved(each) for each in (*item.nodes("parameters"), *node.nodes("parameters"))
                ]
                distinct = {(str(each.get("in")), str(each.get("name"))): each for each in both}
                yield Operation(path, verb, node, list(distinct.values()))

    def methods_below(self, prefix: str) -> dict[str, set[str]]:
        """The verbs at each path for which the document needs a resource, the paths in between included."""
        found: dict[str, set[str]] = {"/": set()}
        for path, operations in self.paths():
            parts = f"{prefix}{path}".strip("/").split("/")
            for end in range(1, len(parts) + 1):
                found.setdefault(f"/{'/'.join(parts[:end])}", set())
            found[f"/{'/'.join(parts)}"] |= {each.verb for each in operations}
        return found


def _read(body: bytes) -> object:
    """The content of a JSON or YAML text; its keys are text, while YAML's own may be numbers."""
    from moto.apigateway.utils import deserialize_body

    try:
        content = deserialize_body(body.decode())
        if _extent(content, {}) > _LARGEST:
            raise ValueError("aliases within aliases")
        return json.loads(json.dumps(content, default=str))
    except Exception:  # noqa: BLE001 - JSON's and YAML's readers raise many kinds; each is the document's fault
        raise AwsError("BadRequestException", "Invalid OpenAPI input.") from None


def _extent(value: object, known: dict[int, int]) -> int:
    """The number of characters and members once every YAML alias is written out."""
    if not isinstance(value, dict | list):
        return 1 + len(str(value))
    if id(value) not in known:
        known[id(value)] = 0  # a value that contains itself is refused when it is written out
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_extent(part, known) for part in parts)
    return known[id(value)]
