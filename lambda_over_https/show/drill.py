"""What a drill shows: the question, what is seen, why."""

from collections.abc import Sequence

from lambda_over_https.drills import Drill, Seen
from lambda_over_https.show.basics import print_line
from lambda_over_https.show.console import console, marks, print_prose

LETTERS = "abc"


def print_drills(drills: Sequence[Drill]) -> None:
    """Which drills there are."""
    width = max(len(drill.name) for drill in drills)
    for drill in drills:
        print_line(f"{drill.name:<{width}}  {drill.title}")


def print_question(drill: Drill) -> None:
    """What will be done, and what may come of it."""
    out = console(stderr=True)
    out.print()
    out.print(f"What if? {drill.title}", style="bold", markup=False)
    out.print()
    print_prose(drill.story, out)
    print_prose(drill.question, out, "bold")
    for letter, choice in zip(LETTERS, drill.choices, strict=True):
        out.print(f"  [bold cyan]{letter}[/]  {choice}")


def print_seen(seen: Seen) -> None:
    """One request and its answer."""
    out = console(stderr=True)
    style = "bold green" if seen.status == 200 else "bold red"
    out.print()
    out.print(f"{seen.request} {marks(out).arrow} HTTP {seen.status}", style=style, markup=False)
    out.print(f"  {_short(seen.body)}", soft_wrap=True, markup=False)
    if seen.log:
        out.print("the function's log:", style="dim")
    for line in "\n".join(seen.log).splitlines():
        # What a traceback is made of would fill the page: its last line says it.
        if not line.startswith((" ", "Traceback")):
            out.print(f"  {line}", style="dim", soft_wrap=True, markup=False)


def _short(text: str, limit: int = 240) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def print_truth(drill: Drill, predicted: int | None) -> None:
    """Which answer was right, and why."""
    out = console(stderr=True)
    out.print()
    right = f"{LETTERS[drill.right]}: {drill.choices[drill.right]}"
    if predicted is None:
        print_prose(f"So it is {right}.", out, "bold")
    elif predicted == drill.right:
        print_prose(f"Foreseen! It is {right}.", out, "bold green")
    else:
        print_prose(f"You said {LETTERS[predicted]}; it is {right}.", out, "bold magenta")
    print_prose(drill.why, out)
    print_prose(f"Repair: {drill.repair}", out, "dim")
    out.print()
