"""A place to measure in: the program with its state in a temporary folder, and its own sandbox."""

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_kit.figures import Ran, timed
from bench_kit.peers import CACHE

LOH = Path(sys.executable).with_name("loh")


class World:
    """The program with its own home and environment; ``end`` removes all of it."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="loh-bench-"))
        own = ("AWS_", "LAMBDA_OVER", "PYTHON")
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(own)},
            # As when installed: compiled once, not at every start; and nothing written beside the source.
            "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"),
            "LAMBDA_OVER_HTTPS_HOME": str(self.home),
            "LAMBDA_OVER_HTTPS_CACHE": str(CACHE / "loh"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def loh(self, *arguments: str) -> Ran:
        """Run the program to its end."""
        return timed([LOH, *arguments], self.environment)

    def answer(self, *arguments: str) -> Any:
        """What the program prints with ``--json``, without its progress."""
        said = self.loh(*arguments, "--json").output
        return json.loads(said[said.index("{\n") :])

    def start(self, *options: str) -> Ran:
        """Start the sandbox on free ports."""
        return self.loh("sandbox", "start", "--port", "0", *options)

    def stop(self) -> None:
        """End the sandbox."""
        self.loh("sandbox", "stop")

    def sandbox(self) -> dict[str, Any]:
        """The sandbox's endpoint."""
        found: dict[str, Any] = self.answer("sandbox", "status")
        return found

    def keys(self) -> tuple[str, str]:
        """The sandbox's operator's access key, and its secret; any, if no sandbox runs."""
        record = self.home / "sandbox" / "sandbox.json"
        found = json.loads(record.read_text()) if record.exists() else {}
        return found.get("access_key_id", "test"), found.get("secret_access_key", "test")

    def aws_environment(self, endpoint_url: str) -> dict[str, str]:
        """The environment for any AWS program to use ``endpoint_url``."""
        key, secret = self.keys()
        return {
            **self.environment,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_PAGER": "",
        }

    def end(self) -> None:
        """Stop the sandbox and remove the folder."""
        self.stop()
        shutil.rmtree(self.home)


@contextlib.contextmanager
def world() -> Iterator[World]:
    """A world, for the ``with`` block."""
    own = World()
    try:
        yield own
    finally:
        own.end()
