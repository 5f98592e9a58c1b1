"""The words in which AWS reports a value that breaks a constraint of its service's model."""

from collections.abc import Iterable

SCHEDULER_CANNOT_ASSUME = (
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
)

NULL = "failed to satisfy constraint: Member must not be null"
"""What is wrong with a member that is missing."""


def unsatisfied(value: object, member: str, constraint: str) -> str:
    """The whole message for one value; ``member`` is the path to it, as AWS spells it there."""
    return f"1 validation error detected: {failure(value, member, constraint)}"


def unsatisfied_null(member: str) -> str:
    """The whole message for a member that is missing."""
    return f"1 validation error detected: Value null at '{member}' {NULL}"


def failure(value: object, member: str, constraint: str) -> str:
    """The part of a message that names one value."""
    return f"Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"


def one_of(values: Iterable[object]) -> str:
    """The constraint of an enumeration."""
    return f"Member must satisfy enum value set: [{', '.join(map(str, values))}]"


def matching(pattern: str) -> str:
    """The constraint of a pattern."""
    return f"Member must satisfy regular expression pattern: {pattern}"
