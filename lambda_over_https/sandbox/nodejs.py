"""Node.js on this machine, and the AWS SDK for JavaScript that AWS's own Node.js runtime brings along."""

import functools
import re
import shutil
import subprocess
from collections.abc import Sequence

from lambda_over_https.errors import LohError

MINIMUM = 20
"""The oldest major version of Node.js that the AWS SDK for JavaScript supports."""


@functools.cache
def ensure_node() -> str:
    """The version of the ``node`` on the PATH, as ``20.20.2``; LohError without a usable one."""
    hint = "Install Node.js from https://nodejs.org (24 is what AWS runs), or choose a Python runtime."
    if shutil.which("node") is None:
        raise LohError("A Node.js function needs Node.js, and there is no 'node' on the PATH.", hint)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.fullmatch(r"v((\d+)\.\d+\.\d+)\S*", said.strip())
    if match is None or int(match[2]) < MINIMUM:
        raise LohError(
            f"The AWS SDK for JavaScript needs Node.js {MINIMUM} or newer; found {said.strip()!r}.", hint
        )
    return match[1]


def node_options(memory_size: int) -> Sequence[str]:
    """The options AWS starts Node.js with: a heap that fits the function, no guessing of module kinds."""
    return (
        f"--max-old-space-size={memory_size * 9 // 10}",
        f"--max-semi-space-size={max(1, memory_size // 20)}",
    )
