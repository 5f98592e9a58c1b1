"""Questions of yes or no before something is changed, and what ^C means until then."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambda_over_https.cli.keys import forget_typed
from lambda_over_https.errors import DeclinedError, UsageError, interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lambda_over_https.deployment.stack import Stack

ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
"""What may be typed at a question of yes or no, in lower case, and whether it is a yes."""


def confirm_place(stack: "Stack", yes: bool) -> None:
    """Before the first change outside this machine, say which account, where and as whom, and ask."""
    from lambda_over_https import show

    if stack.place.on_this_machine:
        return
    show.say(
        f"This will change account {stack.place.account} in {stack.place.region} as {stack.place.caller}."
    )
    name_other_endpoints(stack)
    if not yes:
        ask("Continue?")


def name_other_endpoints(stack: "Stack") -> None:
    """Say where calls go if the user's AWS settings lead them elsewhere than to AWS."""
    from lambda_over_https import show

    led: dict[str, list[str]] = {}
    for service, url in stack.cloud.led_elsewhere().items():
        led.setdefault(url, []).append(service)
    for url, services in led.items():
        show.say(
            f"Calls to {', '.join(services)} go to {url}, not to AWS: AWS_ENDPOINT_URL or a setting like it"
            " says so."
        )


def pauses(pause: bool | None, as_json: bool) -> bool:
    """Whether to show pages and wait for keys: as told, else where there is somebody at a terminal."""
    return not as_json and (sys.stdin.isatty() and sys.stderr.isatty() if pause is None else pause)


def ask(question: str) -> None:
    """Ask, and return only after a yes: DeclinedError after a no, UsageError where nobody can answer."""
    if not answered(question):
        raise DeclinedError


def answered(question: str) -> bool:
    """Ask a question of yes or no; raises UsageError where nobody can answer."""
    if not sys.stdin.isatty():
        raise UsageError(
            "Cannot ask for confirmation: this is not a terminal.", "Pass --yes if you are sure."
        )
    from lambda_over_https import show

    with before_any_change():
        while (answer := _typed_answer(question)) not in ANSWERS:
            show.say(
                f"{answer} is no answer here: type y for yes or n for no, then Enter. Enter alone is no."
            )
    return ANSWERS[answer]


def _typed_answer(question: str) -> str:
    """What the user types; empty at the end of the input too."""
    from lambda_over_https.show import basics

    forget_typed()
    basics.question(question)
    return sys.stdin.readline().strip().lower()


@contextmanager
def before_any_change(still: "Callable[[], bool]" = lambda: True) -> "Iterator[None]":
    """^C inside it is told as one that has changed nothing, if that is ``still`` so then."""
    from lambda_over_https import show

    try:
        yield
    except KeyboardInterrupt:
        if not still():
            raise
        show.say("")
        raise interrupted(changed=False) from None
