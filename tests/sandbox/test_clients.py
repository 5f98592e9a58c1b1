"""Any client works against the sandbox with what ``loh sandbox env`` prints."""

import json
import os
import shutil
import ssl
import subprocess
import urllib.request
from pathlib import Path

import pytest

from lambda_over_https.sandbox import nodejs
from tests.support import Account, loh

ECHO = {"operation": "echo", "payload": {"hello": "world"}}


@pytest.fixture
def shell(account: Account) -> dict[str, str]:
    """The environment of a shell after ``eval "$(loh sandbox env)"``, as a shell itself reads it."""
    exports = loh("sandbox", "env").out
    script = f"{exports}\nenv -0"
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    return dict(line.partition("=")[::2] for line in said.split("\0") if line)


def _deployed(name: str) -> str:
    assert loh("run", "--no-pause", "--name", name).code == 0
    url: str = loh("status", "--name", name, "--json").json["invoke_url"]
    return url


def test_the_variables_are_the_same_as_json(account: Account, shell: dict[str, str]) -> None:
    assert loh("sandbox", "env", "--json").json.items() <= shell.items()


def test_the_aws_command_sees_what_the_program_made(
    account: Account, name: str, shell: dict[str, str], aws_cli: Path
) -> None:
    _deployed(name)
    listed = subprocess.run(
        [aws_cli, "lambda", "list-functions", "--output", "json"],
        env=shell,
        capture_output=True,
        text=True,
        check=True,
    )
    functions = {each["FunctionName"] for each in json.loads(listed.stdout)["Functions"]}
    assert f"{name}-LambdaFunctionOverHttps" in functions


def test_pythons_urllib_trusts_the_named_authority(
    account: Account, name: str, shell: dict[str, str]
) -> None:
    request = urllib.request.Request(_deployed(name), json.dumps(ECHO).encode(), method="POST")
    context = ssl.create_default_context(cafile=shell["SANDBOX_CA"])
    with urllib.request.urlopen(request, context=context) as answer:
        assert json.load(answer) == ECHO["payload"]


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
def test_the_sdk_for_javascript_and_fetch_work(
    account: Account, name: str, shell: dict[str, str], shared_cache: Path
) -> None:
    url = _deployed(name)
    modules = nodejs.ensure_sdk(shared_cache, lambda text: None)
    script = """
    const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
    const { DynamoDBDocumentClient, PutCommand, GetCommand } = require("@aws-sdk/lib-dynamodb");
    (async () => {
      const [table, url] = process.argv.slice(1);
      const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
      await documents.send(new PutCommand({ TableName: table, Item: { Id: "js", n: 1 } }));
      const read = await documents.send(new GetCommand({ TableName: table, Key: { Id: "js" } }));
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(
        { operation: "read", tableName: table, payload: { Key: { Id: "js" } } }) });
      console.log(JSON.stringify([read.Item, (await answer.json()).Item]));
    })();
    """
    said = subprocess.run(
        ["node", "-e", script, f"{name}-LambdaTable", url],
        env=shell | {"NODE_PATH": str(modules / "node_modules"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == [{"Id": "js", "n": 1}] * 2
