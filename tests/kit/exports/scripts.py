"""Exported scripts, run as a user would run them: in a shell of their own, pointed at the sandbox."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lambda_over_https.tutorial.checks import run_checks
from tests.kit.program.lesson import somebody_elses
from tests.kit.program.support import Account, done, keys_of


def environment(account: Account, folder: Path, *path: Path) -> dict[str, str]:
    """What the shell of a user has who points the SDK at the sandbox; ``path`` comes first in its PATH."""
    return {
        "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": account.sandbox.endpoint_url,
        **keys_of(account.sandbox),
        "AWS_REGION": "us-east-1",
    }


def executed(command: list[str], environment: dict[str, str], code: int = 0) -> str:
    """Run a command in the environment's home, where it must end with ``code``; all that it said."""
    done = subprocess.run(
        command, env=environment, cwd=environment["HOME"], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def python(script: Path, environment: dict[str, str], *arguments: str, code: int = 0) -> str:
    """Run an exported Python script."""
    return executed([sys.executable, "-I", str(script), *arguments], environment, code)


def exported(name: str, form: str, file: Path) -> Path:
    """The script of a deployment."""
    done("export", "--name", name, "--format", form, "--output", str(file))
    return file


def all_checks_pass(
    name: str, account: Account, chapters: str = "", ids: Mapping[tuple[str, str], str] | None = None
) -> bool:
    """Whether what a script has made under the names of ``name`` answers every check rightly."""
    with somebody_elses(name, account, chapters, ids) as stack:
        checks = list(run_checks(stack))
    return len(checks) == 18 and all(check.ok for check in checks)
