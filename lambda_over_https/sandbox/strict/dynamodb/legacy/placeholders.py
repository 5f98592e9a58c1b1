"""The names and values that stand as placeholders in an expression that the sandbox writes itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Placeholders:
    """Gives each name and value its placeholder, ``#legacy0`` or ``:legacy0``."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def name(self, attribute: str) -> str:
        """The placeholder of an attribute's name."""
        placeholder = f"#legacy{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Any) -> str:
        """The placeholder of a value, which is as DynamoDB's JSON has it: ``{"N": "1"}``."""
        placeholder = f":legacy{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def beside(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The members that define them, with what the call defines already."""
        own = {"ExpressionAttributeNames": self.names, "ExpressionAttributeValues": self.values}
        return {name: {**(parameters.get(name) or {}), **more} for name, more in own.items() if more}
