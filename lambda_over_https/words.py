"""Numbers and values in words, as every text of the program gives them."""

import json


def counted(number: float, one: str, many: str = "") -> str:
    """How many of what: 1 student, 2 students; ``many`` where it is not ``one`` with an s."""
    return f"{number:g} {one if number == 1 else many or f'{one}s'}"


def about_minutes(minutes: float) -> str:
    """A duration: less than a minute, about a minute, about 12 minutes."""
    if minutes < 1:
        return "less than a minute"
    return "about a minute" if round(minutes) == 1 else f"about {minutes:.0f} minutes"


NOT_SET = "not set"
"""What stands for a value that there is not."""


def told(value: object) -> str:
    """A value of AWS's as its own documents write it: a text as it is, anything else as JSON."""
    if value is None:
        return NOT_SET
    return value if isinstance(value, str) else json.dumps(value)
