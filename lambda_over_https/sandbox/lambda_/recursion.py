"""Recursive loops: how often each function has run in one chain of requests.

The chain goes on where a handler invokes a function (the AWS SDKs send the trace header that the handler was
given) and where Lambda sends the result of an asynchronous event to a function. Lambda guide, "Use Lambda
recursive loop detection to prevent infinite loops".
"""

import hashlib
import re

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function

MOST_RUNS = 16
"""Of one function in one chain of requests; AWS says "approximately 16"."""

_LINEAGE = re.compile(r"(?:^|;)\s*Lineage=1:([0-9a-f|:]+)")
_ROOT = re.compile(r"(?:^|;)\s*(Root=1-[0-9a-f]{8}-[0-9a-f]{24})(?=;|$)")


def root_of(trace_header: str | None) -> str | None:
    """The part of a trace header that names the trace; None if it has none."""
    match = _ROOT.search(trace_header or "")
    return match[1] if match else None


def lineage_of(trace_header: str | None) -> str:
    """The part of a trace header that counts the runs; empty if it has none."""
    match = _LINEAGE.search(trace_header or "")
    return match[1] if match else ""


def next_lineage(lineage: str, function: Function) -> str:
    """The lineage with one more run of the function.

    AwsError RecursiveInvocationException if that would be one too many, unless the function allows loops.
    """
    runs = dict(part.split(":") for part in lineage.split("|") if re.fullmatch(r"[0-9a-f]{8}:\d+", part))
    key = hashlib.sha256(f"{function.region}:{function.name}".encode()).hexdigest()[:8]
    runs[key] = str(int(runs.get(key, 0)) + 1)
    if int(runs[key]) > MOST_RUNS and not function.may_recurse:
        raise AwsError(
            "RecursiveInvocationException",
            "Lambda has detected your function being invoked in a recursive loop with other Amazon Web "
            "Services resources and stopped your function's invocation.",
        )
    return "|".join(f"{name}:{count}" for name, count in runs.items())
