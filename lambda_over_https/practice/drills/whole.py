"""Whether a deployment answers as it should again."""

import json
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.drills.drill import echo_event, list_event, post
from lambda_over_https.tutorial.checks import ECHO_PAYLOAD
from lambda_over_https.tutorial.own_handler import has_answered


def is_whole(stack: Stack) -> bool:
    """Whether requests are answered correctly again, down to the table.

    Of a handler of one's own only that its answer arrives: nobody else knows what it should answer.
    """
    echo = post(stack, echo_event(stack))
    if stack.choices.source:
        return has_answered(echo.status, echo.body)
    listed = post(stack, list_event(stack))
    return _as_json(echo.body) == ECHO_PAYLOAD and "Items" in (_as_json(listed.body) or ())


def _as_json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
