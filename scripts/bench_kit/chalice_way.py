"""The tutorial as near as Chalice can do it: the function behind one route, deployed and deleted."""

import json
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench_kit.figures import Ran, timed
from bench_kit.peers import ROOT
from bench_kit.straight import POLICY
from bench_kit.world import World

SOURCE = ROOT / "function" / "LambdaFunctionOverHttps.py"
ECHO = {"operation": "echo", "payload": {"somekey1": "somevalue1"}}
NAME, STAGE, PATIENCE_S = "chalice", "prod", 60

APP = f"""
from chalice import BadRequestError, Chalice

app = Chalice(app_name="{NAME}")


@app.route("/DynamoDBManager", methods=["POST"])
def manage():
    # boto3 is there where this runs, not where it is deployed from, and that imports this module too.
    from chalicelib import {SOURCE.stem} as tutorial

    try:
        return tutorial.handler(app.current_request.json_body, app.lambda_context)
    except tutorial.BadRequestError as error:
        raise BadRequestError(str(error))
"""

CONFIG = {
    "version": "2.0",
    "app_name": NAME,
    "lambda_timeout": 10,
    "autogen_policy": False,
    "api_gateway_stage": STAGE,
    "api_gateway_endpoint_type": "REGIONAL",
    "stages": {"dev": {"iam_policy_file": "policy.json"}},
}


class Chalice:
    """A Chalice app in the world's folder; ``command`` is Chalice's own."""

    def __init__(self, own: World, command: Path) -> None:
        self._world, self._command = own, command
        self._folder = own.home / "chalice"
        settings, library = self._folder / ".chalice", self._folder / "chalicelib"
        for folder in (settings, library):
            folder.mkdir(parents=True)
        (self._folder / "app.py").write_text(APP)
        (self._folder / "requirements.txt").write_text("")
        (library / "__init__.py").write_text("")
        shutil.copy(SOURCE, library)
        (settings / "config.json").write_text(json.dumps(CONFIG))
        (settings / "policy.json").write_text(json.dumps(POLICY))

    def up(self, endpoint_url: str) -> list[Ran]:
        """Make everything, and call it once over HTTP when it is served."""
        deployed = self._chalice(endpoint_url, "deploy")
        record = json.loads((self._folder / ".chalice" / "deployed" / "dev.json").read_text())
        api_id = next(each["rest_api_id"] for each in record["resources"] if "rest_api_id" in each)
        return [deployed, _served(f"{endpoint_url}/_aws/execute-api/{api_id}/{STAGE}/DynamoDBManager")]

    def down(self, endpoint_url: str) -> list[Ran]:
        """Delete everything."""
        return [self._chalice(endpoint_url, "delete")]

    def _chalice(self, endpoint_url: str, *arguments: str) -> Ran:
        environment = self._world.aws_environment(endpoint_url)
        return timed([self._command, *arguments], environment, self._folder)


def _served(url: str) -> Ran:
    """Wait until the function answers an echo at ``url``; RuntimeError if it answers anything else."""
    began = time.perf_counter()
    while True:
        status, body = _posted(url)
        taken = time.perf_counter() - began
        if status == 200 and json.loads(body) == ECHO["payload"]:
            return Ran(taken, 0, 0, body)
        if status not in (403, 500) or taken > PATIENCE_S:  # not deployed yet; not permitted yet
            raise RuntimeError(f"{url} answered {status} {body}")
        time.sleep(0.2)


def _posted(url: str) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(ECHO).encode(), headers)  # noqa: S310 - http of our own
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
