"""Each shell reads back the very value that was meant, and forgets what is removed."""

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_over_https.cli.shells import SHELLS, script

PROGRAMS = ("bash", "zsh", "fish")
"""The shells that are tried. PowerShell is in no package index, so only its text is checked."""
VALUES = st.text(st.characters(exclude_categories=["Cc", "Cs"])) | st.text(
    "'\"\\$`!*;&|<>(){}[]~#% \u2019\u201b"
)


def test_every_shell_is_tried_or_its_text_is_checked() -> None:
    assert {*PROGRAMS, "powershell"} == set(SHELLS)


@pytest.mark.processes
@pytest.mark.parametrize("shell", PROGRAMS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=VALUES)
def test_the_shell_reads_back_the_value(shell: str, value: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    lines = [*script(shell, {"VALUE": value}, ["GONE"]), 'printf %s "$VALUE/$GONE"']
    done = subprocess.run(
        [program, "-c", "\n".join(lines)],
        env={"GONE": "still here", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == f"{value}/"


def test_powershell_doubles_each_kind_of_quote_and_escapes_nothing_else() -> None:
    lines = list(script("powershell", {"A": "it's \u2018$home\u2019 `\\"}, ["B"]))
    assert lines == [
        "$env:A = 'it''s \u2018\u2018$home\u2019\u2019 `\\'",
        "Remove-Item -ErrorAction SilentlyContinue Env:B",
    ]
