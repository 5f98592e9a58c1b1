"""Directives of Velocity that airspeed lacks or does in part, and those that no template here may use.

Velocity's user guide, "Break" and "Stop": ``#break`` ends the innermost ``#foreach``, ``#stop`` the template.
"""

import contextlib
import re
from typing import Any

import airspeed
from airspeed import _Element, operators

from lambda_over_https.sandbox.gateway.errors import UnsupportedError

_ABSENT = (operators.EvaluateDirective, operators.IncludeDirective, operators.ParseDirective)
"""Directives that API Gateway does not have: they would run or read text that was not prepared."""

_NOT_READ = re.compile(r"(?<!\\)#(\[\[|\{(?:set|stop|include|parse|evaluate)\})", re.IGNORECASE)
"""Directives of Velocity that are text for airspeed; of others, it does not know what their #end ends."""


class Ended(airspeed.TemplateExecutionError):  # type: ignore[misc]
    """A template ends here. Of airspeed's own class, which alone passes through its elements unchanged."""

    def __init__(self) -> None:
        Exception.__init__(self, "#stop")


class LoopEnded(Ended):
    """A loop ends here, or outside of any loop the template."""


class BreakDirective(_Element):  # type: ignore[misc]
    """``#break``."""

    START = re.compile(r"#(?:break\b|\{break\})(.*)", re.DOTALL | re.IGNORECASE)

    def parse(self) -> None:
        """Read the directive."""
        self.identity_match(self.START)

    def evaluate_raw(self, *_: object) -> None:
        """End the loop."""
        raise LoopEnded


operators.UserDefinedDirective.DIRECTIVES.append(BreakDirective)


def check_directive(element: Any) -> None:
    """UnsupportedError names the directive if no template here may use it."""
    if isinstance(element, _ABSENT):
        raise UnsupportedError(f"{element.my_text().partition('(')[0].strip()} in a mapping template")
    if isinstance(element, operators.Text | operators.FallthroughHashText):
        found = _NOT_READ.search(element.full_text(), element.start)
        if found and found.start() < element.end:
            raise UnsupportedError(f"{found[0]} in a mapping template")


def stop_ends_the_template(stop: Any) -> None:
    """Nothing after ``#stop`` runs; airspeed only ceases to write."""
    stop.evaluate_raw = _end


def break_ends_the_loop(loop: Any) -> None:
    """A ``#foreach`` ends at its ``#break``."""
    evaluate = loop.evaluate_raw

    def until_broken(*arguments: Any) -> None:
        with contextlib.suppress(LoopEnded):
            evaluate(*arguments)

    loop.evaluate_raw = until_broken


def _end(*_: object) -> None:
    raise Ended
