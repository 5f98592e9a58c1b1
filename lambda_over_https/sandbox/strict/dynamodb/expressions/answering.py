"""What UpdateItem answers for UPDATED_OLD and UPDATED_NEW: all that the expression names.

moto leaves out what has the value that it had, and answers a whole list for one of its elements. API
reference of DynamoDB, "UpdateItem".
"""

from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.expressions.updates import read_update

_Tree = dict[str | int, Any]
"""The parts of a value that an expression names, by name or index; empty for the whole value."""


def answering(update: Any) -> Any:
    """Moto's ``update_item``, with such answers."""

    def updated(self: Any) -> Any:
        wanted = self.body.get("ReturnValues")
        if wanted not in ("UPDATED_OLD", "UPDATED_NEW"):
            return update(self)
        self.body["ReturnValues"] = wanted.replace("UPDATED", "ALL")
        answer = update(self)
        whole = {"M": answer.result.pop("Attributes", {})}
        named = _named(self.body)
        parts = _picked(whole, named) if named else None
        if parts:
            answer.result["Attributes"] = parts["M"]
        return answer

    return updated


def _named(body: dict[str, Any]) -> _Tree:
    """The paths that the call's update changes, as a tree."""
    tree: _Tree = {}
    expression, names = body.get("UpdateExpression"), body.get("ExpressionAttributeNames") or {}
    for path in read_update(expression).targets if expression else ():
        branch = tree
        for step in path.resolved(names):
            branch = branch.setdefault(step, {})
    return tree


def _picked(value: dict[str, Any], tree: _Tree) -> dict[str, Any] | None:
    """The parts of a value that the tree has; None if the value has none of them."""
    if not tree:
        return value
    [(kind, content)] = value.items()
    inside = content if kind == "M" else dict(enumerate(content)) if kind == "L" else {}
    found = {step: _picked(inside[step], tree[step]) for step in inside if step in tree}
    parts = {step: part for step, part in found.items() if part is not None}
    if not parts:
        return None
    return {kind: parts if kind == "M" else list(parts.values())}
