"""The walk: page, key, step, again."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lambda_over_https.cli.keys import END, ENTER, silent
from lambda_over_https.cli.shared import finding, undoing
from lambda_over_https.cli.walking.asking import Actions, Asking, or_told
from lambda_over_https.cli.walking.by_hand import ByHand
from lambda_over_https.deployment.handler.sources import read_source
from lambda_over_https.deployment.recorded.logbook import absent_when_begun, read
from lambda_over_https.engine.undo import Undo, last_step
from lambda_over_https.practice.by_hand.judging import can_be_done
from lambda_over_https.practice.by_hand.taking import absent_now
from lambda_over_https.practice.console_pages import console_page
from lambda_over_https.practice.rehearsal.rehearsing import rehearse
from lambda_over_https.practice.trying import can_try, try_a_mistake, try_it
from lambda_over_https.report.picture import picture_of
from lambda_over_https.show.code import Code
from lambda_over_https.show.lesson.trying import tried_lines
from lambda_over_https.show.moving.keys import AFTER, BEFORE, FIRST
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.request import as_text, curl_line

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.engine import Engine
    from lambda_over_https.show.moving.walk import WalkPages
    from lambda_over_https.tutorial.parts.step import Step


PACKAGE = "package"
"""The step that packs the function's source."""

LANGUAGES = {"python": "python", "nodejs": "javascript"}

COSTS = "On AWS it costs far less than a cent."

WHY_NOT: Mapping[str, str] = {
    "b": "no step has been done that it could undo.",
    "c": "all calls are on the page, each with all its parameters.",
    "e": "you have read it above, before the step was done.",
    "o": "it opens AWS's web console, which has no page for what is here.",
    "t": "it sends a real request, from step 2.3 on, when there is a function to answer it.",
    "v": "it shows the checks of step 3.7, after that step.",
    "y": "this step makes nothing in AWS that you could make yourself.",
}
"""Why a key of the walk leads nowhere, where it does not."""

NO_ANSWER = "the program made no call in this step, so there is no answer to show."

IS_DONE = "the step is done. b undoes it, and then y lets you do it yourself."

BAD_REQUEST = 400
"""The status of a request with a mistake."""

TEST = "verify"
"""The step whose results are worth a page of their own, also at the end."""


class Walk:
    """One learner's way through the steps of a stack."""

    def __init__(
        self,
        stack: "Stack",
        make_engine: "Callable[[], Engine]",
        show: "WalkPages",
        typed: Callable[[float | None], str],
        environment: Callable[[], dict[str, str]] = dict,
        *,
        yourself: bool = False,
        ask: bool = True,
        elsewhere: tuple[str, str] = ("", ""),
    ) -> None:
        self._stack = stack
        self._typed = typed
        self._environment = environment
        self._yourself = yourself
        self._ask = ask
        self._elsewhere = elsewhere
        self._make_engine = make_engine
        self._show = show
        self._asking = Asking(show, lambda: typed(None))
        self._told: set[str] = set()
        """The steps of which the key e has told more."""
        self._c_adds = True
        """Whether the key c shows more than the page before the step does."""

    def go(self, last: str | None = None) -> bool:
        """Walk until step ``last`` (or the end) is done; False if the learner quit before that."""
        if not self._stack.journal.state.steps and not self._begins():
            return False
        self._look_again()
        while (step := self._make_engine().next_step()) is not None and not self._is_past(step, last):
            answer = self._by_hand(step) if self._is_for_hands(step) else self._before(step)
            if answer == ENTER:
                over = step.number == last or self._make_engine().next_step() is None
                answer = self._after(step) if not over or step.name == TEST else ENTER
                if over and answer != "b":
                    return True
            if answer == END:
                return False
        return True

    def _is_past(self, step: "Step", last: str | None) -> bool:
        """Whether step ``last`` was done before this walk began, and this one comes after it."""
        numbers = [each.number for each in steps_of(self._stack)]
        return last in numbers and numbers.index(step.number) > numbers.index(last)

    def _begins(self) -> bool:
        """Show the first page; on a terminal, whether the learner wants to begin."""
        place = self._stack.place
        costs = "On this machine it costs nothing." if place.on_this_machine else COSTS
        self._show.first_page(picture_of(self._stack.journal.state), costs)
        return not self._show.out.is_terminal or self._asking.act_on_keys("", FIRST, {}) == ENTER

    def _look_again(self) -> None:
        """Check what was made earlier: it may be gone or changed by now, and the next step relies on it."""
        states, engine = self._stack.journal.state.steps, self._make_engine()
        with self._show.changes_only(), silent():
            for step in steps_of(self._stack):
                if states.get(step.number) is StepState.DONE and step.parts(self._stack):
                    engine.do(step)

    def _before(self, step: "Step") -> str:
        """Show the page and act on keys; Enter if the step is done then, q to quit, b if one was undone."""
        calls = rehearse(step, self._stack)
        self._c_adds = True
        handler, keys = self._handler(step), self._keys(BEFORE, step)
        is_cut = self._show.page(step, finding.position(step), calls, self._request(step), keys, handler)
        self._c_adds = bool(handler) or is_cut or any(call.changes for call in calls)

        def in_full() -> None:
            if handler:
                self._show.source(handler, self._asking.go_on)
            else:
                self._show.in_full(step, calls, self._asking.go_on)

        answer = self._act_on_keys(step, BEFORE, in_full)
        if answer == "y":
            return self._by_hand(step, explained=True)
        if answer == ENTER:
            self._do(step)
        return answer

    def _is_for_hands(self, step: "Step") -> bool:
        """Whether the learner does the step: every step, or one that is half done by hand."""
        return can_be_done(step, self._stack) and (self._yourself or self._has_begun(step))

    def _has_begun(self, step: "Step") -> bool:
        """Whether something is there that the learner has made in an earlier walk: it is not ours yet."""
        absent = self._absent_when_begun(step)
        return bool(absent) and absent != absent_now(step, self._stack)

    def _absent_when_begun(self, step: "Step") -> Sequence[str]:
        return absent_when_begun(read(self._stack.journal.path.parent), step.number)

    def _by_hand(self, step: "Step", *, explained: bool = False) -> str:
        """Let the learner do the step, ``explained`` or not; Enter if it is done then, q to quit."""
        if not explained:
            self._show.opening(step, finding.position(step))
        if not self._yourself and not explained:
            self._show.say("You have begun this step by hand, so it goes on by hand; s does the rest of it.")
        self._show.begin()
        work = ByHand(step, self._stack, self._show, self._typed, self._environment, self._elsewhere)
        answer = work.go(self._make_engine(), self._absent_when_begun(step))
        if answer == ENTER:
            self._show.done(picture_of(self._stack.journal.state))
        return answer

    def _handler(self, step: "Step") -> "Code | None":
        """The function's source, in the step that packs it."""
        if step.name != PACKAGE:
            return None
        path = self._stack.choices.source_path
        text = read_source(path).decode(errors="replace")
        return Code(path.name, LANGUAGES[self._stack.choices.runtime], text)

    def _request(self, step: "Step") -> str:
        """What a client sends in this step, as a command."""
        if step.name != TEST:
            return ""
        stack, event = self._stack, as_text(ECHO.event(self._stack.names.table, ""))
        return curl_line(stack.invoke_url, stack.place.ca_bundle, event)

    def _after(self, step: "Step") -> str:
        """Keep the answers in view until a key is pressed."""
        return self._act_on_keys(step, AFTER, lambda: self._show.answers(self._asking.go_on))

    def _act_on_keys(self, step: "Step", keys: Sequence[str], in_full: Callable[[], object]) -> str:
        """Act on a page's keys until one ends it: Enter, q, or b if there was a step to undo."""
        actions: Actions = {
            "b": self._back,
            "e": lambda: self._more(step),
            "c": in_full,
            "v": self._show.checks,
            "y": lambda: True,
            "o": lambda: self._open(step),
            "t": self._try,
        }
        while True:
            key = self._asking.act_on_keys(
                "",
                self._keys(keys, step),
                actions,
                leaves="by",
                why_not=lambda key: self._why_not(key, keys, step),
            )
            if key != END or self._asking.leaves():
                return key

    def _more(self, step: "Step") -> None:
        self._told.add(step.number)
        self._show.more(step)

    def _keys(self, keys: Sequence[str], step: "Step") -> list[str]:
        """Those that lead anywhere here; the one that undoes says what, and the handler is no call."""
        last = last_step(steps_of(self._stack), self._stack)
        says = {"b undo": self._says_of_b(last)} if last else {}
        says |= {"c calls": "c whole file"} if step.name == PACKAGE else {}
        told = [says.get(key, key) for key in keys]
        return [key for key in told if not self._why_not(key[0], keys, step)]

    def _says_of_b(self, last: "Step") -> str:
        """What b does: it removes what the last step made, or only comes back to a step that made nothing."""
        return f"b undo {last.number}" if self._removes(last) else f"b back to {last.number}"

    def _removes(self, last: "Step") -> bool:
        """Whether anything goes when the last step is undone."""
        return bool(last.without or Undo(last, steps_of(self._stack), self._stack).inventory.records())

    def _try(self) -> None:
        """Send a real request, and show how far it came."""
        self._stack.readings.forget()
        self._show.lines([[], *tried_lines(try_it(self._stack), self._show.out)])

    def _why_not(self, key: str, keys: Sequence[str], step: "Step") -> str:
        """Why a key leads nowhere on a page with ``keys``; empty if it does, or is none of the walk's."""
        offered = any(each.startswith(f"{key} ") for each in keys)
        leads: Mapping[str, bool] = {
            "b": last_step(steps_of(self._stack), self._stack) is not None,
            "c": self._show.has_answers if keys is AFTER else self._c_adds,
            "e": keys is BEFORE or step.number not in self._told,
            "o": bool(self._page(step)),
            "t": can_try(self._stack),
            "v": offered and step.name == TEST,
            "y": offered and can_be_done(step, self._stack),
        }
        if leads.get(key, True):
            return ""
        if key == "c" and keys is AFTER:
            return NO_ANSWER
        return IS_DONE if key == "y" and not offered else WHY_NOT[key]

    def _do(self, step: "Step") -> None:
        self._show.begin()
        with silent():
            self._make_engine().do(step)
            if step.name == TEST:
                or_told(self._show_a_mistake, failed=None)
        self._show.done(picture_of(self._stack.journal.state))

    def _show_a_mistake(self) -> None:
        """Let the learner see what a client gets for a mistake; a handler of the learner's own may differ."""
        if not self._stack.choices.source:
            event, reply = try_a_mistake(self._stack)
            if reply.status == BAD_REQUEST:
                self._show.mistake(event, reply)

    def _back(self) -> bool:
        """Undo the last step; True if something was undone, or tried: another step may come next then."""
        if not undoing.agreed_to_undo(self._stack, ask=self._ask, sure=self._asking.sure):
            self._show.say("Nothing was changed.")
            return False
        last = last_step(steps_of(self._stack), self._stack)
        removes = last is not None and self._removes(last)
        self._show.begin()
        with silent():
            or_told(lambda: undoing.take_back(self._stack), failed=None)
        self._show.done(picture_of(self._stack.journal.state))
        if removes:
            self._asking.seen()
        return True

    def _page(self, step: "Step") -> str:
        return console_page(step.number, self._stack)

    def _open(self, step: "Step") -> None:
        import webbrowser

        page = self._page(step)
        self._show.say(page)
        webbrowser.open(page)
