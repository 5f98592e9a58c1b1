"""The page of a chapter that is about to be switched on, and the picture of what it has brought."""

from typing import TYPE_CHECKING

from lambda_over_https.cli.keys import END, read_key
from lambda_over_https.cli.shared import finding, questions
from lambda_over_https.cli.walking.asking import Asking

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.show.moving.walk import WalkPages

SWITCH = ("Enter switches it on", "e more", "c calls", "q quit")
CHECK = ("Enter checks it", "e more", "c calls", "q quit")


def shown(name: str, stack: "Stack", pages: "WalkPages") -> bool:
    """Show why and the calls, and wait for a key; False if the learner quits."""
    from lambda_over_https.practice.rehearsal.rehearsing import rehearse_switch

    asking, step = Asking(pages, read_key), finding.find_step(name, chapters=True)
    calls = rehearse_switch(name, stack)
    pages.page(step, finding.position(step), calls)
    actions = {
        "e": lambda: pages.more(step),
        "c": lambda: pages.in_full(step, calls, asking.go_on),
    }
    is_on = name in stack.choices.chapters
    where, keys = ("on already:", CHECK) if is_on else ("not on yet:", SWITCH)
    with questions.before_any_change():
        if asking.act_on_keys(where, keys, actions) == END:
            return False
    pages.begin()
    return True


def show_picture(stack: "Stack", name: str, pages: "WalkPages") -> None:
    """The picture, with what the chapter has brought."""
    from lambda_over_https.report.picture import picture_of
    from lambda_over_https.tutorial.course import parts_of

    new = {(part.kind, part.name(stack)) for part in parts_of(name, stack)}
    pages.done(picture_of(stack.journal.state, frozenset(new)))
