"""A place of our own to measure in: the program with its state in a temporary folder, and its sandbox."""

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
    """The program with a home and an environment of its own; everything in it goes with ``end``."""

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
        """What the program says with ``--json``; progress is left out."""
        said = self.loh(*arguments, "--json").output
        return json.loads(said[said.index("{\n") :])

    def start(self, *options: str) -> Ran:
        """Start the sandbox on free ports."""
        return self.loh("sandbox", "start", "--port", "0", *options)

    def stop(self) -> None:
        """End the sandbox."""
        self.loh("sandbox", "stop")

    def sandbox(self) -> dict[str, Any]:
        """Where the sandbox is."""
        found: dict[str, Any] = self.answer("sandbox", "status")
        return found

    def aws_environment(self, endpoint_url: str) -> dict[str, str]:
        """What any AWS program needs to work on ``endpoint_url``."""
        return {
            **self.environment,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
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
    """A world for a while."""
    own = World()
    try:
        yield own
    finally:
        own.end()
