"""The tools we compare with, each in an environment of its own under ``.pytest_cache/peers``.

They come from the package indexes the first time. A peer that cannot be had is left out, with the reason.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".pytest_cache" / "peers"

PYTHON_PEERS = {
    "ministack": ("ministack==1.5.*", "boto3"),  # its Python functions find boto3 where it is installed
    "aws": ("awscli==1.*",),
    "chalice": ("chalice==1.*",),
    "sam": ("aws-sam-cli==1.*",),
}
NODE_PEERS = (
    "serverless@3",
    "serverless-offline@13",
    "dynalite@3",
    "@aws-sdk/client-dynamodb@3",
    "@aws-sdk/lib-dynamodb@3",
)


class AbsentPeerError(Exception):
    """A peer cannot be installed on this machine; the text says why."""


def python_peer(name: str, say: Callable[[str], None]) -> Path:
    """The command of a peer from the Python package index."""
    folder = CACHE / name
    command = folder / "bin" / name
    if not command.exists():
        say(f"Installing {PYTHON_PEERS[name][0]} to compare with …")
        _install([sys.executable, "-m", "venv", str(folder)], folder)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        _install([*pip, "--disable-pip-version-check", *PYTHON_PEERS[name]], folder)
    return command


def node_peers(say: Callable[[str], None]) -> Path:
    """The ``node_modules`` that holds serverless-offline and the DynamoDB it needs beside it."""
    folder = CACHE / "node"
    if shutil.which("npm") is None:
        raise AbsentPeerError("npm is not there")
    if not (folder / "complete").exists():
        say("Installing serverless-offline and dynalite to compare with …")
        folder.mkdir(parents=True, exist_ok=True)
        _install(["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", *NODE_PEERS], folder)
        (folder / "complete").touch()
    return folder / "node_modules"


def _install(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise AbsentPeerError(f"it could not be installed: {' '.join(last)}")
