"""What a drill shows: the question, the answers seen, the explanation."""

from collections.abc import Sequence

from lambda_over_https.practice.drills import Drill, Seen
from lambda_over_https.show.basics import print_line
from lambda_over_https.show.canvas.page import marks
from lambda_over_https.show.canvas.screen import Screen

LETTERS = "abc"


def print_drills(drills: Sequence[Drill]) -> None:
    """List the drills."""
    width = max(len(drill.name) for drill in drills)
    for drill in drills:
        print_line(f"{drill.name:<{width}}  {drill.title}")


def print_question(drill: Drill) -> None:
    """Show what will be done, the question, and the answers to choose from."""
    screen = Screen(stderr=True)
    screen.write([[], [(f"What if? {drill.title}", "bold")], []])
    screen.prose(drill.story)
    screen.prose(drill.question, "bold")
    for letter, choice in zip(LETTERS, drill.choices, strict=True):
        screen.print((f"  {letter}", "bold cyan"), (f"  {choice}", ""))


def print_seen(seen: Seen) -> None:
    """Show one request and its answer."""
    screen = Screen(stderr=True)
    style = "bold green" if seen.status == 200 else "bold red"
    screen.print()
    screen.print((f"{seen.request} {marks(screen).arrow} HTTP {seen.status}", style))
    screen.print((f"  {_short(seen.body)}", ""))
    if seen.log:
        screen.print(("the function's log:", "dim"))
    for line in "\n".join(seen.log).splitlines():
        # A whole traceback would fill the page; its last line is enough.
        if not line.startswith((" ", "Traceback")):
            screen.print((f"  {line}", "dim"))


def _short(text: str, limit: int = 240) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def print_truth(drill: Drill, predicted: int | None) -> None:
    """Show which answer is right, and why."""
    screen = Screen(stderr=True)
    screen.print()
    right = f"{LETTERS[drill.right]}: {drill.choices[drill.right]}"
    if predicted is None:
        screen.prose(f"The answer is {right}.", "bold")
    elif predicted == drill.right:
        screen.prose(f"Correct! The answer is {right}.", "bold green")
    else:
        screen.prose(f"You said {LETTERS[predicted]}; the answer is {right}.", "bold magenta")
    screen.prose(drill.why)
    screen.prose(f"Repair: {drill.repair}", "dim")
    screen.print()
