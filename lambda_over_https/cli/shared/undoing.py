"""Undoing the last step: say what will go, ask, and take it back."""

import sys
from typing import TYPE_CHECKING

from lambda_over_https.cli.shared.questions import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.remove.inventory import Inventory
    from lambda_over_https.tutorial.parts.step import Step


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
    inventory = undo.inventory.records() if undo else []
    if undo is None or not (inventory or undo.step.without):
        return True  # nothing will go
    show.say(f"Undo step {undo.step.number} ({undo.step.title}) of {stack.names.deployment}:")
    show.print_inventory(inventory)
    name_what_hangs_on(undo.inventory)
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


def name_what_hangs_on(inventory: "Inventory") -> None:
    """Before a question: what others added that goes along, and what outlives its owner."""
    from lambda_over_https import show

    for addition in inventory.additions():
        show.say(f"     also deleted: {addition}")
    for orphan in inventory.orphans():
        show.say(f"     stays: {orphan.kind} {orphan.name}; to delete it: {orphan.command}")
