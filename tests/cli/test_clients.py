"""Calling the API from elsewhere: each client is run as it is printed, in its own language."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh
from tests.kit.sandbox.lambda_lab import needs_node

CREATED = "200 {}\n"


def _run(*command: str | Path, **environment: str) -> str:
    ran = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout


def _written(language: str, folder: Path, file: str) -> Path:
    path = folder / file
    path.write_text(done("snippets", language, "--name", finished()).out)
    return path


def test_url_is_the_invoke_url_alone(account: Account) -> None:
    name = finished()
    url = done("status", "--name", name, "--json").json["invoke_url"]
    assert done("url", "--name", name).out == f"{url}\n"
    assert done("url", "--name", name, "--json").json == {"url": url}


def test_before_there_is_a_url_both_say_what_deploys_it(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    for command in (("url",), ("snippets", "python")):
        ran = loh(*command, "--name", name)
        assert ran.code == 1
        assert "loh run" in ran.err
    done("teardown", "--yes", "--name", name)


@pytest.mark.parametrize("language", ["python", "requests"])
def test_the_python_clients_run(account: Account, tmp_path: Path, language: str) -> None:
    assert _run(sys.executable, _written(language, tmp_path, "client.py")) == CREATED


def test_the_curl_client_runs(account: Account) -> None:
    assert _run("sh", "-c", done("snippets", "curl", "--name", finished()).out) == "{}\n"


@needs_node
def test_the_javascript_client_runs(account: Account, tmp_path: Path) -> None:
    client = _written("javascript", tmp_path, "client.mjs")
    assert _run("node", client, NODE_EXTRA_CA_CERTS=account.sandbox.ca_bundle) == CREATED


@needs_node
def test_the_script_of_the_page_runs(account: Account, tmp_path: Path) -> None:
    """In Node.js, with a page that has no more than the button and the place for the answer."""
    page = _written("browser", tmp_path, "client.html").read_text()
    script = re.search(r'<script type="module">(.*)</script>', page, re.DOTALL)
    assert script
    around = tmp_path / "page.mjs"
    around.write_text(
        "const found = {button: {}, pre: {}};\n"
        "globalThis.document = {querySelector: (name) => found[name]};\n"
        f"{script[1]}\nawait found.button.onclick();\nconsole.log(found.pre.textContent);\n"
    )
    assert _run("node", around) == CREATED


def test_with_an_api_key_the_clients_send_it(account: Account, name: str, tmp_path: Path) -> None:
    done("run", "--no-pause", "--name", name)
    done("chapter", "on", "keys", "--yes", "--name", name)
    client = tmp_path / "client.py"
    client.write_text(done("snippets", "python", "--name", name).out)
    keys = account.client("apigateway").get_api_keys(includeValues=True)["items"]
    (value,) = [each["value"] for each in keys if each.get("name") == f"{name}-DynamoDBOperations-key-2"]
    assert _run(sys.executable, client, API_KEY=value) == CREATED
    done("teardown", "--yes", "--name", name)


def test_an_unknown_language_is_refused_and_list_names_them(account: Account) -> None:
    assert done("snippets", "--name", finished()).out == "curl python requests javascript browser\n"
    ran = loh("snippets", "pyton", "--name", finished())
    assert ran.code == 2
    assert "Did you mean python?" in ran.err


def test_a_request_in_a_few_words_goes_all_the_way(account: Account) -> None:
    name = finished()
    done("call", "create", "Id=few", "name=Bob", "n:=1.5", "--name", name)
    done("call", "update", "Id=few", "name=Ann", "--name", name)
    read = done("call", "read", "Id=few", "--name", name)
    assert json.loads(read.out)["Item"] == {"Id": "few", "name": "Ann", "n": 1.5}
    done("call", "delete", "Id=few", "--name", name)
    assert done("call", "read", '{"Key": {"Id": "few"}}', "--name", name).out == "{}\n"
