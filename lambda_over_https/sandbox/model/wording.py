"""AWS's one form of words for a value that breaks a constraint of its service's model."""

from collections.abc import Iterable

SCHEDULER_CANNOT_ASSUME = (
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
)


def unsatisfied(value: object, member: str, constraint: str) -> str:
    """The whole message about one value, at ``member`` as AWS spells it there."""
    return f"1 validation error detected: {failure(value, member, constraint)}"


def failure(value: object, member: str, constraint: str) -> str:
    """What a message says of each of its values."""
    return f"Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"


def one_of(values: Iterable[object]) -> str:
    """The constraint of an enumeration."""
    return f"Member must satisfy enum value set: [{', '.join(map(str, values))}]"


def matching(pattern: str) -> str:
    """The constraint of a pattern."""
    return f"Member must satisfy regular expression pattern: {pattern}"
