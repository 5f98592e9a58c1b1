"""A script that is exported after ``run`` has repaired something does what the others do."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.exports.scripts import all_checks_pass, environment, exported, python
from tests.kit.program.support import Account, loh
from tests.kit.program.ward import Ward

Fault = Callable[[Ward], None]

CHANGED: tuple[Fault, ...] = (
    Ward.method_changed_after_the_deployment,
    Ward.integration_of_a_missing_function,
    Ward.no_response,
    Ward.response_mapped_to_something_else,
    Ward.permission_for_another_api,
    Ward.permission_for_another_service,
    Ward.permission_for_another_action,
    Ward.role_that_trusts_somebody_else,
    Ward.environment_of_somebody_else,
    Ward.environment_with_another_table,
    Ward.policy_that_says_something_else,
    Ward.wrong_handler,
    Ward.deprecated_runtime,
    Ward.other_code,
    Ward.log_group_without_tags,
)
MISSING: tuple[Fault, ...] = (
    Ward.role_without_policy,
    Ward.role_created_anew,
    Ward.no_role,
    Ward.no_table,
    Ward.no_function,
    Ward.no_permission,
    Ward.no_log_group,
    Ward.no_stage,
    Ward.no_method,
    Ward.no_resource,
    Ward.no_api,
)


@pytest.mark.parametrize("faults", [CHANGED, MISSING], ids=["changed", "missing"])
def test_after_every_kind_of_repair_the_script_builds_and_removes_the_same(
    account: Account, name: str, tmp_path: Path, faults: tuple[Fault, ...]
) -> None:
    before = account.holdings()
    run = ("run", "--no-pause", "--yes", "--name", name)
    assert loh(*run).code == 0
    for fault in faults:
        fault(Ward(account, name))
        repaired = loh(*run)
        assert repaired.code == 0, (fault.__name__, repaired.err)
        assert "updated" in repaired.err or "created" in repaired.err, (fault.__name__, repaired.err)
    shell = exported(name, "aws-cli", tmp_path / "tutorial.sh")
    script = exported(name, "boto3", tmp_path / "tutorial.py")
    assert loh("teardown", "--yes", "--name", name).code == 0
    for text in (shell.read_text(), script.read_text()):
        assert "<hidden>" not in text
        assert "very-secret" not in text
        assert ("the value of API_TOKEN" in text) is (faults is CHANGED)
    subprocess.run(["bash", "-n", str(shell)], check=True)
    assert "200 {" in python(script, environment(account, tmp_path))
    assert all_checks_pass(name, account)
    python(script, environment(account, tmp_path), "teardown")
    assert account.holdings() == before
