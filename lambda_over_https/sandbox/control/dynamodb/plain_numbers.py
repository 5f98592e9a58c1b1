"""DynamoDB's numbers in the one form in which it keeps them: no zeroes around them, and no exponent.

DynamoDB guide, "Supported data types and naming rules": at most 38 digits, and magnitudes from 1E-130 to
9.9…E+125. Messages are AWS's, as reports of calls on AWS have them.
"""

import re
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError

MOST_DIGITS = 38
"""Significant digits of a number."""

_GREATEST, _LEAST = 125, -130
"""The powers of ten that the first digit of a number can stand for."""

_PLAIN = re.compile(r"0|-?[1-9]\d{0,37}", re.ASCII)
_NUMBER = re.compile(r"([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,19}))?", re.ASCII)

_RANGE = "Attempting to store a number with magnitude"


def patch() -> None:
    """Let moto write numbers that it has read in that form."""
    from moto.dynamodb.models import dynamo_type

    serialize = dynamo_type.serializer.serialize
    dynamo_type.serializer.serialize = lambda value: with_plain_numbers(serialize(value))


def plain(text: str) -> str:
    """The number in that form; AwsError ValidationException if it is none, or none that DynamoDB can keep."""
    if _PLAIN.fullmatch(text):
        return text
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _refusal(f"The parameter cannot be converted to a numeric value: {text}")
    sign, whole, fraction, exponent = (part or "" for part in match.groups())
    digits, power = (whole + fraction).lstrip("0"), int(exponent or 0)
    last = power - len(fraction)
    _check_range(last + len(digits) - 1 if digits else power)
    kept = digits.rstrip("0")
    if len(kept) > MOST_DIGITS:
        raise _refusal(f"Attempting to store more than {MOST_DIGITS} significant digits in a Number")
    return sign.replace("+", "") * bool(kept) + _written(kept, last + len(digits) - len(kept))


def _check_range(power: int) -> None:
    if power > _GREATEST:
        raise _refusal(f"Number overflow. {_RANGE} larger than supported range")
    if power < _LEAST:
        raise _refusal(f"Number underflow. {_RANGE} smaller than supported range")


def _written(digits: str, last: int) -> str:
    """The digits as a number; the last of them stands for that power of ten."""
    if not digits:
        return "0"
    if last >= 0:
        return digits + "0" * last
    padded = digits.rjust(1 - last, "0")
    return f"{padded[:last]}.{padded[last:]}"


def with_plain_numbers(value: Any) -> Any:
    """The parameters of a call, or a part of them, with each number in that form; AwsError as ``plain``."""
    if isinstance(value, list):
        return [with_plain_numbers(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _part(name, part) for name, part in value.items()}


def _part(name: str, part: Any) -> Any:
    """A member; one that is named N or NS holds numbers if it holds texts."""
    if name == "N" and isinstance(part, str):
        return plain(part)
    if name == "NS" and isinstance(part, list):
        return [plain(each) if isinstance(each, str) else with_plain_numbers(each) for each in part]
    return with_plain_numbers(part)


def _refusal(message: str) -> AwsError:
    return AwsError("ValidationException", message)
