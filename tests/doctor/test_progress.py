"""A step that failed, or was interrupted, is wrong; one that nobody has begun only comes next."""

from pathlib import Path

import pytest

from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.doctor import Remark, examine
from lambda_over_https.doctor.progress import progress
from lambda_over_https.states import RecordState, StepState
from tests.kit.in_memory.memory import step
from tests.kit.program.support import Account, loh

STEPS = [step("1"), step("2"), step("3")]
DONE, FAILED, PENDING = StepState.DONE, StepState.FAILED, StepState.PENDING
DEPLOYMENT = Deployment("id", "tutorial", "sandbox", "1", "us-east-1", "", "boot", "")


def _found(states: dict[str, StepState], *made_in: str) -> tuple[bool, str]:
    records = tuple(Record("kind", "name", number, RecordState.INTENDED) for number in made_in)
    (finding,) = examine([progress(State(DEPLOYMENT, steps=states, records=records), STEPS)])
    assert bool(finding.fix) is not finding.ok
    return finding.ok, finding.what.partition(" (")[0]


WRONG = [
    ({"1": DONE, "2": FAILED}, (), "step 2"),
    ({"1": DONE, "2": PENDING, "3": FAILED}, (), "step 3"),
    ({"1": DONE}, ("2",), "step 2"),
    ({"1": DONE, "2": PENDING, "3": DONE}, (), "step 2"),
]


@pytest.mark.parametrize(("states", "made_in", "said"), WRONG)
def test_a_step_that_failed_or_was_interrupted_is_wrong(
    states: dict[str, StepState], made_in: tuple[str, ...], said: str
) -> None:
    assert _found(states, *made_in) == (False, said)


def test_a_step_that_was_not_begun_comes_next_and_nothing_is_wrong() -> None:
    assert _found({"1": DONE}) == (True, "step 2")
    probe = progress(State(DEPLOYMENT, steps={"1": DONE, "2": PENDING}), STEPS)
    assert isinstance(probe.look(), Remark)
    assert _found(dict.fromkeys("123", DONE)) == (True, "all are done")


def test_a_run_that_failed_is_not_well(account: Account, name: str, tmp_path: Path) -> None:
    source = tmp_path / "imp.py"
    source.write_text("import nosuchmodule\n\n\ndef handler(event, context):\n    return {}\n")
    assert loh("run", "--source", str(source), "--no-pause", "--name", name).code == 1
    told = loh("doctor", "--json", "--name", name)
    assert told.code == 1
    wrong = [each for each in told.json["findings"] if not each["ok"]]
    (steps,) = [each for each in wrong if each["name"] == "steps"]
    assert steps["fix"] == f"loh run --name {name}"
    assert steps["what"].startswith("step 2.3 (")
    assert loh("teardown", "--yes", "--name", name).code == 0
