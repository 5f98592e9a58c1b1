"""All that is seen: narration and errors on standard error, answers on standard output.

The only user of rich. On a terminal there is colour and a spinner while we wait; piped, plain lines. Answers
as JSON are one document and nothing else.
"""

import json
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from lambda_over_https import events
from lambda_over_https.engine import Planned
from lambda_over_https.errors import LohError
from lambda_over_https.journal import Record
from lambda_over_https.reports import Report
from lambda_over_https.steps.step import Step
from lambda_over_https.ways import Reply

if TYPE_CHECKING:
    from rich.status import Status

STATES = {"done": "[green]done[/]", "failed": "[red]failed[/]", "skipped": "[cyan]skipped[/]"}
ACTIONS = {"create": "green", "update": "yellow", "keep": "dim", "skip": "cyan", "blocked": "red"}
VERBS = {"create": "created", "update": "updated"}


def console(*, stderr: bool = False) -> Console:
    """A console that neither guesses at numbers nor breaks long ids when it is piped."""
    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal:
        made.width = 200
    return made


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def print_line(text: str) -> None:
    """A line of the answer, as it is."""
    sys.stdout.write(text + "\n")


class InOrder:
    """Lets events through in the tutorial's order while steps run side by side.

    The first step that has not ended speaks at once; the others are kept back until it has ended.
    """

    def __init__(self, numbers: Sequence[str], tell: events.Emit) -> None:
        self._waiting = list(numbers)
        self._kept: dict[str, list[events.Event]] = {number: [] for number in numbers}
        self._ended: set[str] = set()
        self._tell = tell
        self._lock = threading.Lock()

    def __call__(self, event: events.Event) -> None:
        """Tell the event now or later."""
        with self._lock:
            if event.step not in self._kept:
                self._tell(event)
                return
            self._kept[event.step].append(event)
            if isinstance(event, events.StepEnded):
                self._ended.add(event.step)
            self._let_through()

    def _let_through(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            kept, self._kept[first] = self._kept[first], []
            for event in kept:
                self._tell(event)
            if first not in self._ended:
                return
            self._waiting.pop(0)
            self._kept.pop(first)

    def flush(self) -> None:
        """Tell what is still kept back: an earlier step did not end."""
        with self._lock:
            for number in self._waiting:
                for event in self._kept.pop(number):
                    self._tell(event)
            self._waiting = []


class Narrator:
    """Tells what happens, line by line."""

    def __init__(self, out: Console | None = None) -> None:
        self._out = out or console(stderr=True)
        self._spinner: Status | None = None
        self._reason = ""

    def __call__(self, event: events.Event) -> None:
        """Tell one event, if it is worth telling."""
        tell = self._TELLERS.get(type(event))
        if tell is None:
            return
        if not isinstance(event, events.Waiting):
            self.rest()
        tell(self, event)

    def rest(self) -> None:
        """End the spinner, if one is turning."""
        if self._spinner:
            self._spinner.stop()
        self._spinner, self._reason = None, ""

    def _started(self, event: events.StepStarted) -> None:
        self._out.print(f"[bold cyan]{event.step:<4}[/] [bold]{escape(event.title)}[/]")

    def _ended(self, event: events.StepEnded) -> None:
        if event.state == "failed":
            self._out.print("     [red]failed[/]")

    def _made(self, event: events.Made) -> None:
        verb = VERBS.get(event.action, event.action)
        self._line("[green]+[/]", event.kind, event.name, f"{verb} {event.id}" if event.id else verb)

    def _kept(self, event: events.Kept) -> None:
        self._line("[dim]=[/]", event.kind, event.name, "is as it should be")

    def _removed(self, event: events.Removed) -> None:
        mark = "[red]![/]" if event.action == "left" else "[yellow]-[/]"
        self._line(mark, event.kind, event.name, f"{event.action} {event.reason}".strip())

    def _line(self, mark: str, kind: str, name: str, rest: str) -> None:
        self._out.print(f"     {mark} {kind} [bold]{escape(name)}[/] [dim]{escape(rest)}[/]", soft_wrap=True)

    def _checked(self, event: events.Checked) -> None:
        mark = "[green]ok  [/]" if event.ok else "[red]FAIL[/]"
        where = f"{event.name:<7} {event.via:<19} {event.status} {event.latency_ms:8.1f} ms"
        self._out.print(f"     {mark} {where} {escape(event.detail)}", soft_wrap=True)

    def _note(self, event: events.Note) -> None:
        self._out.print(f"     [dim]{escape(event.text)}[/]", soft_wrap=True)

    def _waiting(self, event: events.Waiting) -> None:
        text = f"{event.reason}: {event.elapsed:.0f} s so far, next look in {event.next_look:.0f} s"
        if not self._out.is_terminal:
            if event.reason != self._reason:
                self._out.print(f"     … {escape(event.reason)}", soft_wrap=True)
        elif self._spinner is None:
            self._spinner = self._out.status(escape(text))
            self._spinner.start()
        else:
            self._spinner.update(escape(text))
        self._reason = event.reason

    _TELLERS: ClassVar[dict[type[events.Event], Callable[[Any, Any], None]]] = {
        events.StepStarted: _started,
        events.StepEnded: _ended,
        events.Made: _made,
        events.Kept: _kept,
        events.Removed: _removed,
        events.Checked: _checked,
        events.Note: _note,
        events.Waiting: _waiting,
    }


def print_error(error: LohError, resume: str = "") -> None:
    """What happened, at which step, what to do next."""
    out = console(stderr=True)
    where = f" at step {error.step}" if error.step else ""
    out.print(f"[bold red]Error{where}:[/] {escape(error.message)}", soft_wrap=True)
    for line in (error.hint, resume):
        if line:
            out.print(f"[bold]Next:[/] {escape(line)}", soft_wrap=True)


def say(text: str) -> None:
    """A line of narration."""
    console(stderr=True).print(escape(text), soft_wrap=True)


def print_status(report: Report) -> None:
    """The deployment, its steps and its things."""
    out, deployment = console(), report["deployment"]
    place = f"{deployment['target']}, account {deployment['account']}, {deployment['region']}"
    out.print(f"[bold]{deployment['name']}[/] ({place}), since {deployment['created']}")
    if report["gone"]:
        out.print("[yellow]The sandbox that held it has ended, and everything in it is gone.[/]")
    print_steps(report)
    if report["resources"]:
        table = Table(box=None, pad_edge=False)
        for heading in ("kind", "name", "id", "state"):
            table.add_column(heading, overflow="fold")
        for each in report["resources"]:
            table.add_row(each["kind"], each["name"], each["id"], each["state"])
        out.print(table)
    if report["invoke_url"]:
        out.print(f"[bold]POST[/] {report['invoke_url']}", soft_wrap=True)


def print_steps(report: Report) -> None:
    """The steps and how far each is."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in report["steps"]:
        state = STATES.get(each["state"], f"[dim]{each['state']}[/]")
        table.add_row(each["number"], each["title"], state)
    console().print(table)


def print_plan(planned: Sequence[Planned]) -> None:
    """What ``run`` would do, step by step."""
    table = Table(box=None, pad_edge=False)
    for heading in ("step", "name", "action", "reason", "calls"):
        table.add_column(heading, overflow="fold")
    for each in planned:
        action = f"[{ACTIONS[each.action]}]{each.action}[/]"
        table.add_row(each.number, each.name, action, escape(each.reason), ", ".join(each.calls))
    console().print(table)


def print_inventory(records: Sequence[Record]) -> None:
    """What a teardown is about to remove; narration, since it comes before a question."""
    out = console(stderr=True)
    for record in records:
        fate = "stays (lent)" if record.state == "adopted" else "goes"
        out.print(f"     {fate:<5} {record.kind} [bold]{escape(record.name)}[/] [dim]{record.id}[/]")


def print_step(step: Step, calls: Sequence[str]) -> None:
    """One step explained: why it is there, what it costs, what it calls."""
    out = console(stderr=True)
    out.print()
    out.print(f"[bold cyan]{step.number}[/] [bold]{step.title}[/]")
    out.print(step.why)
    out.print(f"[dim]Costs:[/] {step.costs}")
    if calls:
        out.print(f"[dim]Calls:[/] {', '.join(calls)}")


def print_reply(reply: Reply) -> None:
    """The body on standard output; status, time and what the way itself tells on standard error."""
    err = console(stderr=True)
    colour = "green" if reply.ok else "red"
    err.print(f"[{colour}]HTTP {reply.status}[/] in {reply.seconds * 1000:.1f} ms", soft_wrap=True)
    if reply.log:
        err.print(Text(reply.log.rstrip(), style="dim"))
    print_line(reply.body)


def print_sandbox(report: Report) -> None:
    """Whether the sandbox runs, and where."""
    if not report["running"]:
        print_line("The sandbox is not running.")
        return
    for key in ("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"):
        print_line(f"{key:<13} {report[key]}")
