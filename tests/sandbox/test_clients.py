"""Any client works against the sandbox with what ``loh sandbox env`` prints."""

import json
import os
import shutil
import ssl
import subprocess
import urllib.request
from pathlib import Path

import pytest
from filelock import FileLock

from lambda_over_https.sandbox.client import nodejs
from tests.kit.board.browser import browser
from tests.kit.program.support import Account, loh
from tests.kit.sandbox.control import REGION

JAVASCRIPT_CLIENTS = ("iam", "lambda", "resource-groups-tagging-api")
ECHO = {"operation": "echo", "payload": {"hello": "world"}}


@pytest.fixture
def shell(account: Account) -> dict[str, str]:
    """The environment of a shell after ``eval "$(loh sandbox env)"``, as a shell itself reads it."""
    return _read_by_a_shell(loh("sandbox", "env").out)


def _read_by_a_shell(exports: str) -> dict[str, str]:
    script = f"{exports}\nenv -0"
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    return dict(line.partition("=")[::2] for line in said.split("\0") if line)


def _deployed(name: str) -> str:
    assert loh("run", "--no-pause", "--name", name).code == 0
    url: str = loh("status", "--name", name, "--json").json["invoke_url"]
    return url


def test_the_variables_are_the_same_as_json(account: Account, shell: dict[str, str]) -> None:
    assert loh("sandbox", "env", "--json").json.items() <= shell.items()


def test_the_url_of_the_deployment_is_there_if_it_has_one(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = loh("sandbox", "env", "--name", name)
    assert (refused.code, f"loh run --name {name}" in refused.err) == (1, True)
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_NAME", name)
    assert "API_URL" not in loh("sandbox", "env", "--json").json
    url = _deployed(name)
    assert loh("sandbox", "env", "--json").json["API_URL"] == url
    monkeypatch.delenv("LAMBDA_OVER_HTTPS_NAME")
    assert loh("sandbox", "env", "--json", "--name", name).json["API_URL"] == url


def test_a_shell_that_is_not_known_is_a_wrong_usage(account: Account) -> None:
    refused = loh("sandbox", "env", "--shell", "tcsh")
    assert (refused.code, "powershell" in refused.err) == (2, True)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_needs_no_more_than_the_url(account: Account, name: str) -> None:
    _deployed(name)
    shell = _read_by_a_shell(loh("sandbox", "env", "--name", name).out)
    said = subprocess.run(
        ["curl", "-sS", "-d", json.dumps(ECHO), shell["API_URL"]],
        env=shell,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == ECHO["payload"]


def test_python_trusts_the_sandbox_and_every_authority_that_it_trusted_before(
    account: Account, name: str, shell: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(ssl.create_default_context().get_ca_certs(binary_form=True))
    monkeypatch.setenv("SSL_CERT_FILE", shell["SSL_CERT_FILE"])
    context = ssl.create_default_context()
    assert before < set(context.get_ca_certs(binary_form=True))
    request = urllib.request.Request(_deployed(name), json.dumps(ECHO).encode(), method="POST")
    with urllib.request.urlopen(request, context=context) as answer:
        assert json.load(answer) == ECHO["payload"]


def test_a_browser_calls_the_api_by_its_host_over_http(account: Account, name: str) -> None:
    """The page's script is of the API's own origin: it needs neither a certificate nor CORS."""
    api = _deployed(name).partition("/execute-api/")[2]
    api_id, _, path = api.partition("/")
    port = account.sandbox.endpoint_url.rpartition(":")[2]
    with browser() as window:
        for host in (f"{api_id}.execute-api.localhost", f"{api_id}.execute-api.{REGION}.localhost"):
            window.open(f"http://{host}:{port}/{path}")
            assert "Missing Authentication Token" in window.text("body")
            window.run(
                """
                const [url, body] = arguments;
                fetch(url, { method: "POST", body }).then((answer) => answer.text())
                    .then((text) => { document.body.innerText = text; });
                """,
                f"/{path}",
                json.dumps(ECHO),
            )
            window.until_text("body", json.dumps(ECHO["payload"]))


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


@pytest.fixture(scope="session")
def javascript_clients(shared_cache: Path) -> Path:
    """Clients of the SDK for JavaScript that Lambda's functions have no need of, as NODE_PATH."""
    folder = shared_cache / "javascript-clients"
    shared_cache.mkdir(parents=True, exist_ok=True)
    with FileLock(shared_cache / "javascript-clients.lock"):
        if not (folder / ".ready").exists():
            names = (f"@aws-sdk/client-{name}" for name in JAVASCRIPT_CLIENTS)
            npm = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
            subprocess.run([*npm, *names], check=True)
            (folder / ".ready").touch()
    return folder / "node_modules"


@pytest.mark.skipif(not shutil.which("npm"), reason="Node.js is not installed")
def test_the_sdk_for_javascript_reads_answers_and_errors_of_each_protocol(
    account: Account, name: str, shell: dict[str, str], javascript_clients: Path
) -> None:
    _deployed(name)
    script = """
    const { LambdaClient, InvokeCommand, GetFunctionCommand } = require("@aws-sdk/client-lambda");
    const { ResourceGroupsTaggingAPIClient: Tagging, GetResourcesCommand } =
      require("@aws-sdk/client-resource-groups-tagging-api");
    const { IAMClient, GetRoleCommand } = require("@aws-sdk/client-iam");
    const [fn, role] = process.argv.slice(1);
    const failed = (call) => call.then(() => "no error", (error) => error.name);
    (async () => {
      const lambda = new LambdaClient({}), iam = new IAMClient({});
      const event = JSON.stringify({ operation: "ping" });
      const said = await lambda.send(new InvokeCommand({ FunctionName: fn, Payload: event }));
      const filter = { ResourceTypeFilters: ["lambda:function"] };
      const tagged = await new Tagging({}).send(new GetResourcesCommand(filter));
      const found = await iam.send(new GetRoleCommand({ RoleName: role }));
      console.log(JSON.stringify([
        said.Payload.transformToString(),
        tagged.ResourceTagMappingList.some((each) => each.ResourceARN.endsWith(`:${fn}`)),
        found.Role.RoleName,
        await failed(lambda.send(new GetFunctionCommand({ FunctionName: "none" }))),
        await failed(iam.send(new GetRoleCommand({ RoleName: "none" }))),
      ]));
    })();
    """
    function, role = f"{name}-LambdaFunctionOverHttps", f"{name}-lambda-gateway-execution-role"
    said = subprocess.run(
        ["node", "-e", script, function, role],
        env=shell | {"NODE_PATH": str(javascript_clients), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == [
        '"pong"',
        True,
        role,
        "ResourceNotFoundException",
        "NoSuchEntityException",
    ]


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
