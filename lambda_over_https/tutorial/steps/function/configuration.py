"""The function's configuration: what must be so for the tutorial, and what anybody may tune.

What breaks the tutorial is corrected. What is otherwise and does no harm (memory, timeout, description, more
variables), set by hand or left as AWS sets it, is kept and mentioned.
"""

import json
from collections.abc import Iterator
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import HANDLER, TABLE_VARIABLE
from lambda_over_https.settings import RUNTIMES

DESCRIPTION = "The function of the tutorial (lambda-over-https)"

_LIMITS = {"Timeout": (3, 10), "MemorySize": (128, 128)}
"""What Lambda sets where CreateFunction does not say it (API reference), and what the tutorial sets."""

_TUNABLE = {"Description": DESCRIPTION, **{key: ours for key, (_, ours) in _LIMITS.items()}}


def initial(stack: Stack) -> dict[str, Any]:
    """The members that CreateFunction gets."""
    return {**_required(stack), **_TUNABLE, "Environment": {"Variables": _variables(stack)}}


def corrections(stack: Stack, found: Any) -> dict[str, Any]:
    """The members of ``found`` that break the tutorial, as UpdateFunctionConfiguration takes them."""
    wrong = {key: value for key, value in _required(stack).items() if found.get(key) != value}
    variables = _found_variables(found)
    if not _variables(stack).items() <= variables.items():
        wrong["Environment"] = {"Variables": {**variables, **_variables(stack)}}
    return wrong


def tuned(stack: Stack, found: Any) -> Iterator[str]:
    """What is otherwise than in the tutorial, in words; values of variables are not shown."""
    if (described := found.get("Description", "")) != DESCRIPTION:
        quoted = json.dumps(described, ensure_ascii=False)
        yield f"Description {quoted}" if described else "no Description (the tutorial has one)"
    for key, (default, ours) in _LIMITS.items():
        if (seen := found.get(key)) != ours:
            whose = "AWS's default, " if seen == default else ""
            yield f"{key} {seen} ({whose}the tutorial's is {ours})"
    usual = stack.names.log_group
    if (group := found.get("LoggingConfig", {}).get("LogGroup", usual)) != usual:
        yield f"the log group {group} (the tutorial's is {usual})"
    for name in sorted(_found_variables(found).keys() - _variables(stack).keys()):
        yield f"the environment variable {name}"


def _required(stack: Stack) -> dict[str, Any]:
    return {"Runtime": RUNTIMES[stack.choices.runtime], "Role": stack.role_arn, "Handler": HANDLER}


def _variables(stack: Stack) -> dict[str, str]:
    return {TABLE_VARIABLE: stack.names.table}


def _found_variables(found: Any) -> dict[str, str]:
    variables: dict[str, str] = found.get("Environment", {}).get("Variables", {})
    return variables
