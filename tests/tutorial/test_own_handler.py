"""A handler of the user's own: whatever it does, what the tests leave out is said and nothing is refused."""

import json
from pathlib import Path

import pytest

from tests.kit.program.support import Account, Ran, done, loh
from tests.kit.sandbox.lambda_lab import needs_node

BOB = '{"name": "Bob"}'


def _run(name: str, folder: Path, source: str, file: str = "mine.py") -> Ran:
    path = folder / file
    path.write_text(source)
    return loh("run", "--no-pause", "--name", name, "--source", str(path))


def _away(name: str) -> None:
    done("teardown", "--yes", "--name", name)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(
            "def handler(event, context):\n    return 'Hello'\n",
            'it answers "Hello"',
            id="a string for everything",
        ),
        pytest.param(
            "def handler(event, context):\n    return {'greeting': 'Hello, ' + event['name']}\n",
            "it fails with KeyError: 'name'",
            id="another event",
        ),
        pytest.param(
            "def handler(event, context):\n    raise RuntimeError('not today')\n",
            "it fails with RuntimeError: not today",
            id="an error for everything",
        ),
        pytest.param("def handler(event, context):\n    pass\n", "it answers null", id="nothing at all"),
        pytest.param(
            "def handler(event, context):\n    return {1, 2}\n",
            "it fails with Runtime.MarshalError",
            id="no JSON",
        ),
    ],
)
def test_a_handler_without_echo_is_told_so_and_the_tutorial_goes_on(
    account: Account, name: str, tmp_path: Path, source: str, said: str
) -> None:
    ran = _run(name, tmp_path, source)
    assert ran.code == 0, ran.err
    assert ran.err.count(f"Your handler does not answer echo: {said}") == 2, "at 2.3 and at 3.7"
    assert "step 3.7 will only test that it answers" in ran.err
    checks = done("verify", "--json", "--name", name).json["checks"]
    assert [(each["name"], each["via"], each["ok"]) for each in checks] == [
        ("answer", via, True) for via in ("invoke", "test-invoke-method", "https")
    ]
    assert loh("doctor", "--name", name).code == 0
    _away(name)


def test_what_only_has_to_answer_must_still_be_reached(account: Account, name: str, tmp_path: Path) -> None:
    """An error of the function is an answer of it; one of API Gateway is none."""
    assert _run(name, tmp_path, "def handler(event, context):\n    raise RuntimeError('no')\n").code == 0
    function = f"{name}-LambdaFunctionOverHttps"
    client = account.client("lambda")
    for statement in ("apigateway-test-2", "apigateway-prod-2"):
        client.remove_permission(FunctionName=function, StatementId=statement)
    ran = loh("verify", "--json", "--name", name)
    assert ran.code == 1
    assert {each["via"]: each["ok"] for each in ran.json["checks"]} == {
        "invoke": True,
        "test-invoke-method": False,
        "https": False,
    }
    _away(name)


ECHO_ONLY = """
def handler(event, context):
    if event["operation"] == "echo":
        return event["payload"]
    return "unknown"
"""


def test_operations_that_a_handler_does_not_know_are_named(
    account: Account, name: str, tmp_path: Path
) -> None:
    ran = _run(name, tmp_path, ECHO_ONLY)
    assert ran.code == 0, ran.err
    for operation in ("create", "read", "update", "list", "delete"):
        assert f"Your handler does not do {operation} as the tutorial's does: it answers" in ran.err
    assert done("verify", "--name", name).out == "18 of 18 checks passed.\n"
    table = account.client("dynamodb").scan(TableName=f"{name}-LambdaTable")
    assert table["Items"] == []
    _away(name)


def test_what_the_deployment_lacks_is_no_peculiarity_of_the_handler(
    account: Account, name: str, tmp_path: Path
) -> None:
    """A copy of the tutorial's function, and a role that may not use the table: the checks fail."""
    tutorials = Path("function/LambdaFunctionOverHttps.py").read_text()
    ran = _run(name, tmp_path, tutorials)
    assert ran.code == 0
    assert "Your handler" not in ran.err
    role = f"{name}-lambda-gateway-execution-role"
    iam = account.client("iam")
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    assert loh("verify", "--name", name).code == 1
    _away(name)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("def lambda_handler(event, context):\n    return 1\n", "mine.py"),
        pytest.param("exports.main = async () => 1;\n", "mine.js", marks=needs_node),
    ],
)
def test_a_function_of_another_name_is_told_the_rule(
    account: Account, name: str, tmp_path: Path, source: str, file: str
) -> None:
    ran = _run(name, tmp_path, source, file)
    assert ran.code == 1
    assert "Runtime.HandlerNotFound" in ran.err
    assert "Name the function that Lambda shall call `handler`" in ran.err
    _away(name)


def test_a_package_that_the_runtime_does_not_have_is_named(
    account: Account, name: str, tmp_path: Path
) -> None:
    ran = _run(name, tmp_path, "import nowhere\ndef handler(event, context):\n    return 1\n")
    assert ran.code == 1
    assert "No module named 'nowhere'" in ran.err
    assert "only what the runtime has" in ran.err
    _away(name)


@pytest.mark.parametrize("file", ["mine.py", pytest.param("mine.js", marks=needs_node)])
def test_the_handler_of_new_handler_runs_as_it_is(
    account: Account, name: str, tmp_path: Path, file: str
) -> None:
    path = tmp_path / file
    written = done("new-handler", str(path))
    assert f"loh run --source {path}" in written.err
    assert len(path.read_text().splitlines()) <= 16
    ran = loh("run", "--no-pause", "--name", name, "--source", str(path))
    assert ran.code == 0, ran.err
    assert "Your handler does not" not in ran.err.partition("3.7")[0]
    answered = done("call", BOB, "--no-log", "--name", name)
    assert json.loads(answered.out) == {"greeting": "Hello, Bob!"}
    if file == "mine.py":
        _look_at_the_clients(name, tmp_path)
    _away(name)


def _look_at_the_clients(name: str, folder: Path) -> None:
    """What sends a first request sends no operation of the tutorial's, and says why."""
    client = done("snippets", "python", "--name", name)
    assert f"\nevent = {BOB}\n" in client.out
    assert client.err == f"Only you know what your handler expects: put that in the place of {BOB}.\n"
    assert f"-d '{BOB}'" in done("snippets", "curl", "--name", name).out
    done("export", "--format", "sam", "-o", str(folder / "sam"), "--name", name)
    assert f"-d '{BOB}'" in (folder / "sam" / "README.md").read_text()


def test_new_handler_never_writes_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("# mine\n")
    ran = loh("new-handler", str(path))
    assert ran.code == 2
    assert f"loh run --source {path}" in ran.err
    assert path.read_text() == "# mine\n"


@pytest.mark.parametrize("file", ["mine", "mine.ts", "nowhere/mine.py"])
def test_new_handler_refuses_a_name_that_cannot_be(tmp_path: Path, file: str) -> None:
    ran = loh("new-handler", str(tmp_path / file))
    assert ran.code == 2
    assert "Next: " in ran.err
    assert list(tmp_path.iterdir()) == []
