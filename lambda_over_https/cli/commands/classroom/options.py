"""What the commands of a class share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from lambda_over_https.errors import DeclinedError, InterruptedRunError, interrupted
from lambda_over_https.settings import ENV_PREFIX

PANEL = "A class"

ClassName = Annotated[
    str | None,
    typer.Option("--class", envvar=f"{ENV_PREFIX}CLASS", help="Which class, if there are several."),
]
Only = Annotated[list[str] | None, typer.Option("--only", help="Only this student; may be repeated.")]


@contextmanager
def at_interrupt(go_on: str = "") -> Iterator[Callable[[], None]]:
    """Say, after ^C in this block, that nothing was changed.

    From the call of the function that this gives, ``go_on`` is said instead: it names what goes on, or what
    takes back what was made, for more than one deployment.
    """
    begun = False

    def begin() -> None:
        nonlocal begun
        begun = True

    try:
        yield begin
    except DeclinedError:
        raise
    except (KeyboardInterrupt, InterruptedRunError):
        raise (InterruptedRunError("Interrupted.", go_on) if begun else interrupted(changed=False)) from None
