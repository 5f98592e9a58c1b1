"""The rules by which one service is made strict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse

Check = Callable[[AwsCall], None]
Amendment = Callable[[AwsCall, AwsResponse], None]
Wording = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one service, by operation. ``every`` are checks of all its operations, made first.

    ``wordings`` are (pattern of moto's whole message, AWS's code, AWS's message, HTTP status). AWS's message
    may refer to the pattern's groups.
    """

    every: Sequence[Check] = ()
    checks: Mapping[str, Sequence[Check]] = field(default_factory=dict)
    answers: Mapping[str, Callable[[AwsCall], AwsResponse | None]] = field(default_factory=dict)
    amendments: Mapping[str, Amendment] = field(default_factory=dict)
    wordings: Sequence[Wording] = ()
