"""Whatever is done to a deployment, in whatever order, the end is the account as it was.

A machine chooses at random among what a learner, an instructor and bad luck can do: steps forward and back,
another source, processes killed at any call, things deleted in the console, the journal lost and recovered,
teardowns in between. More and longer tries with ``LOH_SWEEP=full``.
"""

import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.names import names_for
from tests.kit.account import decoys
from tests.kit.account.between import Between, Call
from tests.kit.account.census import census, difference
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.killing import killed_at
from tests.kit.program.support import Account, Ran

FULL = os.environ.get("LOH_SWEEP") == "full"
STEPS = ("2.2", "2.3", "2.4", "3.1", "3.2", "3.4", "3.5", "3.6", "3.7")
KINDS = ("role", "function", "table", "api", "log group")

UNKNOWN = {0, 3}
"""How a teardown ends where no journal is: it looks, and names what it finds."""


class World:
    """One deployment and everything that can happen to it; each method checks what must be true after it."""

    def __init__(self, zygote: Zygote, account: Account, between: Between, home: Path, name: str) -> None:
        self._zygote, self._account, self._between, self._home = zygote, account, between, home
        self.name = name
        self._source = home / f"{name}.py"
        self._edit("# as it was")
        self._before = census(account)

    def _edit(self, line: str) -> None:
        self._source.write_text(f"{bundled_source('python').read_text()}\n{line}\n")

    def _start(self, *arguments: str) -> Run:
        return self._zygote.start(*arguments, "--name", self.name, "--endpoint-url", self._between.url)

    def _does(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Ran:
        done = self._start(*arguments).end()
        assert done.code in codes, (arguments, done)
        return done

    @property
    def exists(self) -> bool:
        """Whether there is a journal."""
        return any(self._home.glob(f"deployments/endpoint-*/{self.name}/journal.json"))

    def run(self, to: str) -> None:
        """Every step up to ``to``; always possible."""
        self._does("run", "--yes", "--no-pause", "--to", to, "--source", str(self._source))

    def next(self) -> None:
        """One step; it may need one before it to be mended first."""
        self._does("next", "--yes", "--source", str(self._source), codes=(0, 1))

    def undo(self) -> None:
        """One step back."""
        self._does("undo", codes=(0,) if self.exists else (1,))

    def edit(self, number: int) -> None:
        """Another source, deployed by the next run."""
        self._edit(f"# edit {number}")

    def teardown(self) -> None:
        """Everything away; nothing may be left, nothing else may have changed."""
        self._does("teardown", "--yes", codes=(0,) if self.exists else tuple(UNKNOWN))
        assert difference(self._before, census(self._account)) == []

    def kill(self, command: str, at: int) -> None:
        """The process is killed at one of its changing calls, before or after the call's effect."""
        seen = 0
        codes = {-9, 0} if self.exists or command == "run" else UNKNOWN

        def is_it(call: Call) -> bool:
            nonlocal seen
            seen += call.mutates
            return call.mutates and seen == at // 2 + 1

        options = ("--no-pause", "--source", str(self._source)) if command == "run" else ()
        ended = killed_at(
            self._between, is_it, lambda: self._start(command, "--yes", *options), after=bool(at % 2)
        )
        assert ended.code in codes, ended

    def delete_in_the_console(self, kind: str) -> None:
        """Somebody deletes a thing of ours by hand."""
        thing = decoys.named(names_for(self.name))[kind]
        if kind == "api":
            apigateway = self._account.client("apigateway")
            for api in self._account.listed("apigateway", "get_rest_apis", "items"):
                if api["name"] == thing:
                    apigateway.delete_rest_api(restApiId=api["id"])
        elif f"{kind} {thing}" in census(self._account):
            decoys.remove(self._account, kind, thing)

    def lose_the_journal(self) -> None:
        """The journal is gone; recover rebuilds it and changes nothing."""
        for journal in self._home.glob(f"deployments/endpoint-*/{self.name}/journal.json"):
            journal.unlink()
        before = census(self._account)
        self._does("recover")
        assert difference(before, census(self._account)) == []

    def end(self) -> None:
        """One teardown brings everything back, whatever has happened."""
        self.teardown()
        assert not self.exists
        self._source.unlink()


class Anything(RuleBasedStateMachine):
    """The machine; ``begin`` gives it a fresh world."""

    begin: Any

    def __init__(self) -> None:
        super().__init__()
        self.world: World = type(self).begin()

    @rule(to=st.sampled_from(STEPS))
    def run(self, to: str) -> None:
        self.world.run(to)

    @rule()
    def next_step(self) -> None:
        self.world.next()

    @rule()
    def undo(self) -> None:
        self.world.undo()

    @rule(number=st.integers(0, 99))
    def edit(self, number: int) -> None:
        self.world.edit(number)

    @rule(command=st.sampled_from(("run", "teardown")), at=st.integers(0, 41))
    def kill(self, command: str, at: int) -> None:
        self.world.kill(command, at)

    @rule(kind=st.sampled_from(KINDS))
    def delete_in_the_console(self, kind: str) -> None:
        self.world.delete_in_the_console(kind)

    @rule()
    def lose_the_journal(self) -> None:
        self.world.lose_the_journal()

    @rule()
    def tear_down(self) -> None:
        self.world.teardown()

    def teardown(self) -> None:
        self.world.end()


def test_after_anything_one_teardown_leaves_the_account_as_it_was(
    zygote: Zygote, account: Account, between: Between, world: Path, name: str
) -> None:
    numbers = iter(range(1_000_000))
    decoys.plant_all(account, names_for("tutorial"), decoys.like_ours("tutorial"))
    Anything.begin = staticmethod(lambda: World(zygote, account, between, world, f"{name}-{next(numbers)}"))
    run_state_machine_as_test(
        Anything,
        settings=settings(
            max_examples=60 if FULL else 4,
            stateful_step_count=14 if FULL else 7,
            deadline=None,
            derandomize=not FULL,
            database=None,
            phases=(Phase.generate, Phase.shrink) if FULL else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    decoys.remove_all(account)
