"""What an export makes answers as the deployment did that it describes: in both forms, with every chapter."""

import contextlib
import json
import re
import shutil
from pathlib import Path

import pytest

from lambda_over_https.names import names_for
from tests.kit.exports.cloudformation import Stack
from tests.kit.exports.made import Made
from tests.kit.exports.scripts import all_checks_pass
from tests.kit.exports.templates import differences, exported_folder, with_chapters
from tests.kit.exports.terraform import Applied, Configuration, expression
from tests.kit.program.support import Account, loh
from tests.kit.sandbox.lambda_lab import eventually
from tests.kit.sandbox.workers import workers

RUNTIMES = [
    "python",
    pytest.param("nodejs", marks=pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js")),
]


def _from_sam(folder: Path, made: Made, name: str) -> tuple[str, str]:
    names = names_for(name)
    stack = Stack(folder, made, {"ManagerRole": names.role, "SchedulerRole": names.schedule_role})
    return stack.outputs["InvokeUrl"], stack.outputs["TableName"]


def _from_terraform(folder: Path, made: Made, name: str) -> tuple[str, str]:
    outputs = Applied(folder, made).outputs
    return outputs["invoke_url"], outputs["table_name"]


MAKERS = {"sam": _from_sam, "terraform": _from_terraform}


def _assert_every_resource_is_adopted(folder: Path) -> None:
    configuration = Configuration(folder)
    adopted = {
        expression(each["to"]): json.loads(expression(each["id"])) for each in configuration.plain("import")
    }
    assert set(adopted) == {".".join(key) for key in configuration.named("resource")}
    association = adopted["aws_wafv2_web_acl_association.manager"]
    assert re.fullmatch(r"arn:aws:wafv2:.+/webacl/.+,arn:aws:apigateway:.+/stages/prod", association)
    assert adopted["aws_wafv2_web_acl.firewall"].endswith("-lambda-firewall/REGIONAL")
    assert re.fullmatch("[^/]+/[^/]+", adopted["aws_api_gateway_usage_plan_key.key_2"])


def _forget_late_lines(account: Account, function: str) -> None:
    """A run that the deployment's schedule began may end after the teardown: its lines make the log group."""
    assert eventually(lambda: not workers(account.sandbox.pid, function))
    logs = account.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=f"/aws/lambda/{function}")


@pytest.mark.processes
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_an_export_makes_answers_every_check(
    account: Account, name: str, tmp_path: Path, runtime: str
) -> None:
    chapters = with_chapters(name, "--runtime", runtime)
    folders = {form: exported_folder(name, form, tmp_path / form) for form in MAKERS}
    _assert_every_resource_is_adopted(exported_folder(name, "terraform", tmp_path / "adopted", "--adopt"))
    assert loh("teardown", "--yes", "--name", name).code == 0
    _forget_late_lines(account, f"{name}-LambdaFunctionOverHttps")
    before = account.holdings()
    for form, make in MAKERS.items():
        made = Made(account, folders[form] / "src")
        try:
            url, table = make(folders[form], made, name)
            assert all_checks_pass(name, account, chapters, made.ids), form
            assert differences(name, account, chapters, made.ids) == {}, form
        finally:
            made.remove()
        assert url.endswith(".amazonaws.com/prod/DynamoDBManager")
        assert table == f"{name}-LambdaTable"
        assert account.holdings() == before, form
