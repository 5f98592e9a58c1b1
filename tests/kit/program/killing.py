"""Kills the program at one of its calls, just before that leaves or just after it took effect."""

from collections.abc import Callable
from threading import Event

from tests.kit.account.between import Answer, Between, Call, Forward, pass_on
from tests.kit.program.forks import Run
from tests.kit.program.support import Ran


def killed_at(
    between: Between, is_it: Callable[[Call], bool], begin: Callable[[], Run], *, after: bool
) -> Ran:
    """How the command ended that ``begin`` starts and that is killed at the call that ``is_it``.

    ``after``: once the call took effect; its answer is lost.
    """
    started, runs = Event(), list[Run]()

    def meddle(call: Call, forward: Forward) -> Answer | None:
        if not is_it(call):
            return forward()
        assert started.wait(10)
        if after:
            forward()
        runs[0].kill()
        return None

    between.meddle = meddle
    runs.append(begin())
    started.set()
    ended = runs[0].end()
    between.settle()
    between.meddle = pass_on
    return ended
