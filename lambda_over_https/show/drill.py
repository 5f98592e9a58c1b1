"""What a drill shows: the question, the answers seen, the explanation."""

from collections.abc import Sequence
from typing import Any

from lambda_over_https.hints import command
from lambda_over_https.practice.drills.drill import Drill, Seen
from lambda_over_https.practice.question import Question
from lambda_over_https.show.basics import print_line, say
from lambda_over_https.show.canvas.page import marks
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.replies import log_line
from lambda_over_https.tutorial.request import shortened

LETTERS = "abc"
GOOD = range(200, 300)
"""The statuses that mean success."""


def print_drills(drills: Sequence[Drill]) -> None:
    """List the drills."""
    width = max(len(drill.name) for drill in drills)
    for drill in drills:
        needs = f" (chapter {drill.chapter})" if drill.chapter else ""
        print_line(f"{drill.name:<{width}}  {drill.title}{needs}")
    say(f"\nTry one: {command('loh drill NAME')}")


def print_question(about: Question[Any], heading: str = "What if?") -> None:
    """Show what will be done, the question, and the answers to choose from."""
    screen = Screen(stderr=True)
    screen.write([[], [(f"{heading} {about.title}", "bold")], []])
    screen.prose(about.story)
    screen.prose(about.question, "bold")
    for letter, choice in zip(LETTERS, about.choices, strict=True):
        screen.print((f"  {letter}", "bold cyan"), (f"  {choice}", ""))


def print_seen(seen: Seen, mark: str = "") -> None:
    """Show one request and its answer; ``mark`` is the word that matters in the function's log."""
    screen = Screen(stderr=True)
    style = "bold green" if seen.status in GOOD else "bold red"
    said = f"HTTP {seen.status}" if seen.status else seen.body
    screen.print()
    if seen.before:
        screen.prose(seen.before)
    screen.print((f"{seen.request} {marks(screen).arrow} {said}", style))
    if seen.status and seen.body:
        screen.print((f"  {shortened(seen.body, 240)}", ""))
    if seen.log:
        screen.print(("the function's log:", "dim"))
    for line in "\n".join(seen.log).splitlines():
        # A whole traceback would fill the page; its last line is enough.
        if not line.startswith((" ", "Traceback")):
            screen.write(log_line(line, screen, mark))


def print_truth(about: Question[Any], predicted: int | None, repair: str = "") -> None:
    """Show which answer is right, and why; with a drill, what repairs it."""
    screen = Screen(stderr=True)
    screen.print()
    right = f"{LETTERS[about.right]}: {about.choices[about.right]}"
    if predicted is None:
        screen.prose(f"The right choice is {right}.", "bold")
    elif predicted == about.right:
        screen.prose(f"Right! It is {right}.", "bold green")
    else:
        screen.prose(
            f"Not quite. You said {LETTERS[predicted]}; the right choice is {right}.", "bold magenta"
        )
    screen.prose(about.why)
    if repair:
        screen.prose(f"Repair: {repair}", "dim")
    screen.print()
