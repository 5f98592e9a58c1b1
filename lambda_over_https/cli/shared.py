"""What the commands share: options, opening a deployment to read or to change it, questions to the user."""

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.keys import forget_typed
from lambda_over_https.cli.starting import taking_turns
from lambda_over_https.errors import DeclinedError, InterruptedRunError, UsageError, interrupted
from lambda_over_https.settings import ENV_PREFIX, Settings, home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lambda_over_https.deployment.session import Session
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.engine import Engine
    from lambda_over_https.engine.teardown import Teardown
    from lambda_over_https.engine.undo import Undo
    from lambda_over_https.show.moving.narrator import Narrator
    from lambda_over_https.tutorial.parts.step import Step

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", envvar=f"{ENV_PREFIX}YES", help="Do not ask for confirmation.")
]
StepNumber = Annotated[
    str,
    typer.Argument(
        metavar="STEP",
        help="A step's number or name, for example 3.2 or resource.",
        autocompletion=completion.steps,
    ),
]

ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
"""What may be typed at a question of yes or no, in lower case, and whether it is a yes."""

GARBAGE_THRESHOLDS = (700, 10, 10)
"""Python's own (its documentation, ``gc``)."""

WORKERS = 4
"""How many steps or removals run side by side: API, table, role and function, and one to spare."""


def session(settings: Settings) -> "Session":
    """The command's session; its events are shown as they come."""
    from lambda_over_https.deployment.session import open_session
    from lambda_over_https.show.moving.narrator import Narrator

    return open_session(settings, Narrator())


def stay() -> None:
    """Look for garbage as Python usually does: for a command that stays for hours, and would grow meanwhile.

    What is there by now stays too, and is not looked at any more.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


@contextmanager
def reading(
    settings: Settings, *, create: bool = False, record: bool = True
) -> "Iterator[tuple[Stack, Engine]]":
    """A stack to read, without a lock. Its calls are recorded in the history if ``record``."""
    with session(settings).looking(create=create, record=record) as stack:
        yield stack, engine_for(stack)


@contextmanager
def working(
    settings: Settings, *, create: bool = False, narrator: "Narrator | None" = None
) -> "Iterator[tuple[Stack, Engine]]":
    """A stack to change, under the deployment's lock.

    Its events are shown in the tutorial's order; a ``narrator`` that is passed in shows them as they come.
    """
    with taking_turns(home()):
        import lambda_over_https.aws.connecting  # noqa: F401 - boto3 is the most of what there is to load
        from lambda_over_https.deployment.session import open_session
        from lambda_over_https.show.moving.narrator import InOrder, Narrator
        from lambda_over_https.tutorial.course import NUMBERS

    teller = narrator or Narrator()
    ordered = InOrder([] if narrator else NUMBERS, teller)
    with open_session(settings, ordered).at_work(create=create) as stack:
        try:
            yield stack, engine_for(stack)
        finally:
            ordered.flush()
            teller.rest()


def engine_for(stack: "Stack", *, by_hand: bool = False, tries: bool = True) -> "Engine":
    """The engine that makes, and keeps, the deployment as it should be: its chapters included.

    ``by_hand``: what a learner has begun by hand is in nobody's way (see ``Engine``). With ``tries`` False it
    does not try what it has made.
    """
    from dataclasses import replace

    from lambda_over_https.engine.engine import Engine
    from lambda_over_https.tutorial.course import steps_of

    steps = steps_of(stack)
    return Engine(steps if tries else [replace(each, act=None) for each in steps], stack, by_hand=by_hand)


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


def check_source(stack: "Stack") -> None:
    """Before anything is made: raises UsageError if the user's own Python handler has a mistake of syntax.

    The sandbox runs it with this Python. AWS's may be newer, and know more: then it is only said.
    """
    from lambda_over_https import show
    from lambda_over_https.deployment.sources import check_syntax, read_source
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


@contextmanager
def continued_by(hint: str) -> "Iterator[None]":
    """Say, after ^C in this block, what goes on: for a command that works on more than one deployment."""
    try:
        yield
    except DeclinedError:
        raise
    except (KeyboardInterrupt, InterruptedRunError):
        raise InterruptedRunError("Interrupted.", hint) from None


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


def unknown(kind: str, name: str, known: "Iterable[str]", listing: str) -> UsageError:
    """The error for a name that is not ``known``; suggests the nearest one, or the command that lists all."""
    import difflib

    close = difflib.get_close_matches(name, list(known), 1)
    hint = f"Did you mean {close[0]}?" if close else f"`{listing}` lists them."
    return UsageError(f"There is no {kind} {name!r}.", hint)


def find_step(text: str, *, chapters: bool = False) -> "Step":
    """The step, or chapter, with that number or name; of a section, as in ``3``, the last one.

    Raises UsageError that suggests the nearest one.
    """
    return find_steps(text, chapters=chapters)[-1]


def find_steps(text: str, *, chapters: bool = False) -> "Sequence[Step]":
    """The step, or chapter, with that number or name; or all steps of a section of the tutorial, as ``3``.

    Raises UsageError that suggests the nearest one.
    """
    from lambda_over_https.tutorial.course import chapter_steps
    from lambda_over_https.tutorial.steps import STEPS

    steps = (*STEPS, *(chapter_steps() if chapters else ()))
    found = [step for step in steps if text in (step.number, step.name, step.number.partition(".")[0])]
    if found:
        return found
    from lambda_over_https.engine.removal import CLEANING_UP

    if text == CLEANING_UP:
        raise UsageError(f"Step {CLEANING_UP}, cleaning up, is a command.", "`loh teardown` does it.")
    known = (each for step in steps for each in (step.number, step.name))
    raise unknown("step", text, known, "loh steps")


def position(step: "Step") -> str:
    """The step's number and its place among all: Step 2.2 (3 of 12)."""
    from lambda_over_https.tutorial.lessons import LESSONS

    if step.lesson not in LESSONS:
        return f"Chapter {step.number}"
    return f"Step {step.number} ({LESSONS.index(step.lesson) + 1} of {len(LESSONS)})"


def agreed_to_undo(stack: "Stack", *, ask: bool, sure: "Callable[[str], bool]" = answered) -> bool:
    """Whether to undo the last step: with ``ask``, a terminal is shown first what will go, and asked.

    ``sure`` asks the question of yes or no.
    """
    from lambda_over_https import show
    from lambda_over_https.engine.undo import Undo, last_step
    from lambda_over_https.tutorial.course import steps_of

    steps = steps_of(stack)
    step = last_step(steps, stack)
    undo = Undo(step, steps, stack) if step and ask and sys.stdin.isatty() else None
    inventory = undo.inventory() if undo else []
    if undo is None or not (inventory or undo.step.without):
        return True  # nothing will go
    show.say(f"Undo step {undo.step.number} ({undo.step.title}) of {stack.names.deployment}:")
    show.print_inventory(inventory)
    name_what_hangs_on(undo)
    return sure("Remove all of this?")


def take_back(stack: "Stack") -> "Step | None":
    """Undo the last step that was done and return it; None if none was.

    Raises LeftBehindError if something of it is still there.
    """
    from lambda_over_https.engine.undo import Undo, last_step
    from lambda_over_https.errors import LeftBehindError
    from lambda_over_https.tutorial.course import steps_of

    steps = steps_of(stack)
    step = last_step(steps, stack)
    if step is None:
        return None
    removal = Undo(step, steps, stack).take_back()
    if removal.left:
        again = "Run `loh undo` again to try once more."
        raise LeftBehindError(removal.still_there(), again, step.number)
    return step


def name_what_hangs_on(work: "Teardown | Undo") -> None:
    """Before a question: what others added that goes along, and what outlives its owner."""
    from lambda_over_https import show

    for addition in work.additions():
        show.say(f"     also deleted: {addition}")
    for orphan in work.orphans():
        show.say(f"     stays: {orphan.kind} {orphan.name}; to delete it: {orphan.command}")


def forget_if_empty(stack: "Stack") -> None:
    """Reading leaves no trace: remove the folder of a deployment that does not exist."""
    folder = stack.journal.path.parent
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
