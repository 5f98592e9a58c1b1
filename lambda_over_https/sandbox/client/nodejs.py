"""Node.js on this machine, and the AWS SDK for JavaScript that AWS's Node.js runtime includes.

npm fetches the SDK once, into the user's cache: exactly the packages in nodejs_sdk/package-lock.json, whose
checksums npm verifies.
"""

import contextlib
import functools
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder

MINIMUM = 20
"""The oldest major version of Node.js that the AWS SDK for JavaScript supports."""

_SDK = Path(__file__).with_name("nodejs_sdk")
_LOCKFILE = "package-lock.json"
_CHOOSE_PYTHON = "or choose a Python runtime, which needs nothing more"
# The flags of "Building Lambda functions with Node.js", as far as this Node.js knows them.
_PROBE = """
const wanted = ["--no-experimental-detect-module"];
if (parseInt(process.versions.node) < 24) wanted.push("--no-experimental-require-module");
const flags = wanted.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
console.log(JSON.stringify({version: process.versions.node, flags, rawJSON: "rawJSON" in JSON}));
"""
_NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")


def ensure_node() -> str:
    """The version of the ``node`` on the PATH, such as ``24.1.0``. LohError if there is no usable one."""
    return str(_probe()["version"])


def node_command(memory_size: int) -> Sequence[str]:
    """The command that starts Node.js for a function of ``memory_size`` MiB, with the options AWS uses.

    They limit the heap to the function's memory, and stop Node.js from guessing whether a file is a module.
    AWS's Node.js 24 has JSON.rawJSON, which must be switched on in Node.js 20. LohError without a usable
    ``node``.
    """
    found = _probe()
    return (
        found["path"],
        f"--max-old-space-size={memory_size * 9 // 10}",
        f"--max-semi-space-size={max(1, memory_size // 20)}",
        *found["flags"],
        *(() if found["rawJSON"] else ("--harmony-json-parse-with-source",)),
    )


def ensure_sdk(cache: Path, notify: Callable[[str], None]) -> Path:
    """The folder in ``cache`` whose ``node_modules`` hold the AWS SDK for JavaScript; fetched if missing.

    ``notify`` is called with the progress. LohError without npm, or if npm cannot fetch it.
    """
    folder = cache / f"aws-sdk-js-{hashlib.sha256((_SDK / _LOCKFILE).read_bytes()).hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    private_folder(cache)
    with FileLock(cache / "aws-sdk-js.lock"):
        if not folder.is_dir():
            _fetch(folder, notify)
    return folder


def _probe() -> dict[str, Any]:
    """What the ``node`` on the PATH is and can do. LohError if there is no usable one."""
    node = shutil.which("node")
    if node is None:
        raise LohError(
            "A Node.js function needs Node.js, and there is no 'node' on the PATH.",
            f"Install Node.js from https://nodejs.org (AWS runs 24), {_CHOOSE_PYTHON}.",
        )
    found = _ask(node, Path(node).stat().st_mtime_ns)
    if int(found["version"].split(".")[0]) < MINIMUM:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        raise LohError(
            f"The AWS SDK for JavaScript needs Node.js {MINIMUM} or newer; {node} is {said or 'broken'}.",
            f"Install a newer one from https://nodejs.org (AWS runs 24), {_CHOOSE_PYTHON}.",
        )
    return {**found, "path": node}


@functools.cache
def _ask(node: str, _changed: int) -> dict[str, Any]:
    done = subprocess.run([node, "-e", _PROBE], capture_output=True, text=True, check=False)
    return dict(json.loads(done.stdout)) if done.returncode == 0 else {"version": "0"}


def _fetch(folder: Path, notify: Callable[[str], None]) -> None:
    """Fetch beside ``folder``, and move it into place when it is complete: a broken download never counts."""
    npm = shutil.which("npm")
    if npm is None:
        raise LohError(
            "The AWS SDK for JavaScript must be fetched once, and there is no 'npm' on the PATH.",
            f"Install npm (it comes with Node.js), {_CHOOSE_PYTHON}.",
        )
    with tempfile.TemporaryDirectory(prefix="aws-sdk-js-", dir=folder.parent) as name:
        draft = Path(name) / "sdk"
        shutil.copytree(_SDK, draft)
        _install(npm, draft, notify)
        draft.rename(folder)


def _install(npm: str, draft: Path, notify: Callable[[str], None]) -> None:
    lock = json.loads((draft / _LOCKFILE).read_text())["packages"]
    version, total = lock["node_modules/@aws-sdk/lib-dynamodb"]["version"], len(lock) - 1
    notify(f"Fetching the AWS SDK for JavaScript {version} with npm, once ({total} packages, 20 MB)")
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [npm, "ci", *_NPM_OPTIONS],
            cwd=draft,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _follow(process, draft / "node_modules", total, notify)
        finally:
            process.kill()  # if ^C came before it ended
            process.wait()
        if process.returncode != 0:
            output.seek(0)
            raise _npm_error(output.read().decode(errors="replace"))
    notify("The AWS SDK for JavaScript is ready")


def _follow(
    process: subprocess.Popen[bytes], folder: Path, total: int, notify: Callable[[str], None]
) -> None:
    seen = 0
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        count = sum(1 for pattern in ("[!@]*", "@*/*") for _ in folder.glob(f"{pattern}/package.json"))
        if count > seen:
            notify(f"{count} of {total} packages")
            seen = count


def _npm_error(output: str) -> LohError:
    said = "\n".join(output.strip().splitlines()[-8:])
    return LohError(
        f"npm could not fetch the AWS SDK for JavaScript.\n{said}".strip(),
        f"Check the network and npm's settings (npm ping), then try again, {_CHOOSE_PYTHON}.",
    )
