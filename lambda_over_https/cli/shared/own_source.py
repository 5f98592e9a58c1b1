"""The user's own handler, looked at before it is deployed."""

import sys
from typing import TYPE_CHECKING

from lambda_over_https.errors import UsageError

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack


def check_source(stack: "Stack") -> None:
    """Before anything is made: raises UsageError if the user's own Python handler has a mistake of syntax.

    The sandbox runs it with this Python. AWS's may be newer, and know more: then it is only said.
    """
    from lambda_over_https import show
    from lambda_over_https.deployment.handler.sources import check_syntax, read_source
    from lambda_over_https.settings import RUNTIMES

    if not stack.choices.source or stack.choices.runtime != "python":
        return
    read_source(stack.choices.source_path)
    try:
        check_syntax(stack.choices.source_path)
    except UsageError as error:
        here = "python{}.{}".format(*sys.version_info)
        if stack.place.is_sandbox or _version(here) >= _version(RUNTIMES["python"]):
            raise
        show.say(f"{error.message} It goes on: this is {here}, and AWS runs {RUNTIMES['python']}.")


def _version(runtime: str) -> tuple[int, ...]:
    return tuple(int(each) for each in runtime.removeprefix("python").split("."))
