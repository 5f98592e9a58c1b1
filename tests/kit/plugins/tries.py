"""The SDK's trie of event handlers, whose copies share what neither changes.

Each client that the SDK makes copies its session's trie of some hundred nodes: a quarter of the time that a
client takes, and the tests make thousands of them. Here only those nodes are copied that get a handler.
"""

from typing import Any

import botocore.hooks

hooks: Any = botocore.hooks
Trie: Any = hooks._PrefixTrie  # noqa: SLF001  # the SDK has no other way in
NodeList: Any = hooks.NodeList
MIDDLE: int = hooks._MIDDLE  # noqa: SLF001


# The SDK has no types, so a type checker cannot know this base.
class SharingTrie(Trie):  # type: ignore[misc]
    """Looks handlers up as its base does; changes only nodes that no other trie has."""

    _root: Any

    def __init__(self) -> None:
        super().__init__()
        self._own = object()
        self._root["owner"] = self._own

    def __copy__(self) -> "SharingTrie":
        """A trie with the same nodes; from now on they belong to neither."""
        copied = SharingTrie()
        copied._root = self._root
        self._own = object()
        return copied

    def append_item(self, key: str, value: Any, section: int = MIDDLE) -> None:
        """Add a handler to an event's."""
        self._root = node = self._owned(self._root)
        for part in key.split("."):
            child = node["children"].get(part)
            child = self._owned(child) if child else self._node(part)
            node["children"][part] = node = child
        if node["values"] is None:
            node["values"] = NodeList([], [], [])
        node["values"][section].append(value)

    def remove_item(self, key: str, value: Any) -> None:
        """Remove a handler from an event's: rare, so all nodes are copied for it."""
        self._root = self._recursive_copy(self._root)
        super().remove_item(key, value)

    def _owned(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node, or a copy of it if another trie has it too."""
        if node.get("owner") is self._own:
            return node
        handlers = node["values"] and NodeList(*map(list, node["values"]))
        return {**node, "children": dict(node["children"]), "values": handlers, "owner": self._own}

    def _node(self, chunk: str) -> dict[str, Any]:
        return {"chunk": chunk, "values": None, "children": {}, "owner": self._own}
