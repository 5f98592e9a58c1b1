"""Whatever moment the program is killed at, one command brings the account to where it should be.

For every call of a run and of a teardown that changes the account - found by recording one, not from a list -
a real process is killed (SIGKILL) just before the call leaves, and in another try just after it took effect,
with its answer lost. From each such state, ``run`` must complete with exactly one of each thing and every
check passed, and, in another try, ``teardown`` must leave the account exactly as it was.

A run and a teardown are killed in one chain each, so that every point of either is covered in the time of
one. All chains for Python; for Node.js and for a lent role those of the deployment and every seventh of the
others (all with ``LOH_SWEEP=full``).
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from lambda_over_https.names import names_for
from lambda_over_https.sandbox.client import daemon
from tests.kit.account.between import Between
from tests.kit.account.census import census, difference
from tests.kit.account.decoys import like_ours, plant_all, remove_all
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.killing import killed_at
from tests.kit.program.support import Account, Ran, keys_of

FULL = os.environ.get("LOH_SWEEP") == "full"
SAMPLE = 7
"""One chain in so many for the other variants; odd, so that both ways to go on are among them."""
DEPLOYING = ("apigateway:CreateDeployment #", "apigateway:DeleteDeployment #")
"""How the labels of step 3.5's calls begin: each sample has them, for what they leave is hard to see."""
LENT = "arn:aws:iam::123456789012:role/LabRole"

VARIANTS = {
    "python": (),
    "nodejs": ("--runtime", "nodejs"),
    "role-arn": ("--role-arn", LENT),
}
CHUNKS = {"python": 11, "nodejs": 3, "role-arn": 3}
"""In how many tests the chains of each are followed; odd, because every second chain is a long one."""


@dataclass(frozen=True)
class Point:
    """Where the program is killed: at which call of which command, before it leaves or after its effect."""

    command: str
    label: str
    side: str

    @property
    def deploys(self) -> bool:
        """Whether it is a call of step 3.5, which each chapter that changes the API makes again."""
        return self.label.startswith(DEPLOYING)


@dataclass(frozen=True)
class Chain:
    """A run is killed at ``begun``; what follows ends with a teardown.

    With ``torn``, the run first goes on to its end and the teardown after it is killed there. With
    ``again``, the run goes on (once more) before the last teardown.
    """

    begun: Point
    torn: Point | None = None
    again: bool = False


@dataclass
class Sweep:
    """One way to run the tutorial, recorded once; kills it at a point and goes on from there."""

    zygote: Zygote
    account: Account
    between: Between
    options: tuple[str, ...]
    name: Callable[[], str]

    def loh(self, command: str, name: str) -> Run:
        options = ("--no-pause", *self.options) if command == "run" else ()
        where = ("--name", name, "--endpoint-url", self.between.url)
        return self.zygote.start(command, "--yes", *where, *options, **keys_of(self.account.sandbox))

    @cached_property
    def points(self) -> dict[str, list[Point]]:
        """Every point at which one run, and one teardown, can be killed."""
        name = self.name()
        return {command: self._record(command, name) for command in ("run", "teardown")}

    def _record(self, command: str, name: str) -> list[Point]:
        self.between.calls.clear()
        _end(self.loh(command, name))
        labels = [call.label for call in self.between.calls if call.mutates]
        return [Point(command, label, side) for label in labels for side in ("before", "after")]

    def chains(self) -> list["Chain"]:
        """Every point of a run twice: once ``run`` goes on, once ``teardown`` does.

        Where ``run`` went on, the teardown that follows is killed too, twice at each of its points: once
        ``run`` goes on after that, once ``teardown`` does.
        """
        torn = self.points["teardown"]
        then: list[tuple[Point | None, bool]] = [(each, again) for again in (True, False) for each in torn]
        then += [(None, True)] * (len(self.points["run"]) - len(then))
        on = [Chain(point, *each) for point, each in zip(self.points["run"], then, strict=True)]
        return [each for pair in zip(on, map(Chain, self.points["run"]), strict=True) for each in pair]

    def kill(self, name: str, point: Point) -> None:
        """Begin the point's command and kill it there."""
        self.between.calls.clear()
        ended = killed_at(
            self.between,
            lambda call: call.label == point.label,
            lambda: self.loh(point.command, name),
            after=point.side == "after",
        )
        assert ended.code == -9, f"{point} was never reached: {ended}"


def _sample(chains: Sequence[Chain]) -> list[Chain]:
    """Those that are killed at the deployment, and a few of the others."""
    deploying = [chain for chain in chains if chain.begun.deploys]
    others = [chain for chain in chains if not chain.begun.deploys]
    assert len(deploying) == 4, "both sides of one call, each with both ways to go on"
    return [*others[::SAMPLE], *deploying]


def _end(run: Run) -> Ran:
    ended = run.end()
    assert ended.code == 0, f"exit code {ended.code}: {ended.err}"
    return ended


def _assert_one_of_each(account: Account, name: str, lent: bool) -> None:
    """Exactly the tutorial's things, each once, as listed by the services themselves."""
    whole = census(account, only=f"{name}-")
    function = f"{name}-LambdaFunctionOverHttps"
    role = f"{name}-lambda-gateway-execution-role"
    own = [f"role {role}"]
    assert sorted(_plain(each) for each in whole if "tagged" not in each) == sorted(
        [
            f"api {name}-DynamoDBOperations",
            f"function {function}",
            f"log group /aws/lambda/{function}",
            f"table {name}-LambdaTable",
            *([] if lent else own),
        ]
    )
    statements = [each["Sid"] for each in whole[f"function {function}"]["policy"]["Statement"]]
    assert sorted(statements) == ["apigateway-prod-2", "apigateway-test-2"]
    for each in [] if lent else own:
        policies = [policy["PolicyName"] for policy in whole[each]["inline"]]
        assert policies == [f"{name}-lambda-gateway-execution-policy"]
    [api] = [value for key, value in whole.items() if key.startswith("api ")]
    assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]
    assert whole[f"table {name}-LambdaTable"]["items"] == []


def _plain(thing: str) -> str:
    """Its kind and name: an API has an id besides."""
    return thing.rpartition(" ")[0] if thing.startswith("api ") else thing


def _completes(sweep: Sweep, name: str) -> None:
    """``run`` goes on, tests what it made (its last step is verify), and has made each thing once."""
    _end(sweep.loh("run", name))
    _assert_one_of_each(sweep.account, name, "--role-arn" in sweep.options)


def _follow(sweep: Sweep, name: str, chain: Chain) -> None:
    sweep.kill(name, chain.begun)
    if chain.torn:
        _completes(sweep, name)
        sweep.kill(name, chain.torn)
    if chain.again:
        _completes(sweep, name)
    _end(sweep.loh("teardown", name))


def _wrong(sweep: Sweep, chains: Sequence[Chain]) -> list[str]:
    """What is wrong at the chains' ends; empty if everything survived."""
    before, followed, wrong = census(sweep.account), dict[str, Chain](), list[str]()
    for chain in chains:
        name = sweep.name()
        followed[name] = chain
        try:
            _follow(sweep, name, chain)
        except AssertionError as error:
            wrong.append(f"{chain}: {error}")
    left = difference(before, census(sweep.account))
    return [*wrong, *left, *(f"{name} is {followed[name]}" for name in followed if f"{name}-" in str(left))]


@pytest.fixture(scope="module")
def lent_role(whole_account: Account) -> None:
    """A role that somebody else has made, as a Learner Lab gives one."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam = whole_account.client("iam")
    iam.create_role(RoleName="LabRole", AssumeRolePolicyDocument=_document(trust))
    iam.put_role_policy(RoleName="LabRole", PolicyName="everything", PolicyDocument=_document(allow))


def _document(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def sweeps(zygote: Zygote, whole_account: Account, lent_role: None) -> Iterator[Callable[[str], Sweep]]:
    made: dict[str, Sweep] = {}
    numbers = iter(range(100_000))
    plant_all(whole_account, names_for("tutorial"), like_ours("tutorial"))
    with Between(whole_account.sandbox.endpoint_url) as between:

        def sweep(variant: str) -> Sweep:
            if variant not in made:
                names = lambda: f"k{next(numbers)}"  # noqa: E731
                made[variant] = Sweep(zygote, whole_account, between, VARIANTS[variant], names)
            return made[variant]

        yield sweep
    remove_all(whole_account)


@pytest.mark.long
@pytest.mark.parametrize(
    ("variant", "chunk"), [(variant, chunk) for variant, chunks in CHUNKS.items() for chunk in range(chunks)]
)
def test_after_a_kill_at_any_call_one_command_puts_it_right(
    sweeps: Callable[[str], Sweep], variant: str, chunk: int
) -> None:
    if variant == "nodejs" and shutil.which("node") is None:
        pytest.skip("there is no node on this machine")
    sweep = sweeps(variant)
    chains = sweep.chains()
    assert len(chains) >= 76
    if not FULL and variant != "python":
        chains = _sample(chains)
    wrong = _wrong(sweep, chains[chunk :: CHUNKS[variant]])
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def slow_account(tmp_path: Path) -> Iterator[Account]:
    """An account where things take effect after a while, as on AWS, only ten times as fast."""
    yield Account(daemon.start(tmp_path, port=0, timing_factor=0.1))
    daemon.stop(tmp_path)


TAKES_EFFECT_LATER = (
    Chain(Point("run", "lambda:CreateFunction #1", "after")),
    Chain(Point("run", "dynamodb:CreateTable #1", "after")),
    Chain(
        Point("run", "dynamodb:CreateTable #1", "after"),
        Point("teardown", "dynamodb:DeleteTable #1", "after"),
        again=True,
    ),
    Chain(
        Point("run", "lambda:CreateFunction #1", "after"),
        Point("teardown", "dynamodb:DeleteTable #1", "after"),
    ),
)


def test_so_it_is_where_things_take_effect_only_after_a_while(zygote: Zygote, slow_account: Account) -> None:
    names = (f"w{number}" for number in range(1000))
    with Between(slow_account.sandbox.endpoint_url) as between:
        sweep = Sweep(zygote, slow_account, between, (), lambda: next(names))
        wrong = _wrong(sweep, TAKES_EFFECT_LATER)
    assert not wrong, "\n".join(wrong)
