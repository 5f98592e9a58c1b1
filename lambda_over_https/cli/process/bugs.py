"""A bug of ours: what is needed to find it goes to a file, without secrets; the user gets its path."""

import os
import platform
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from lambda_over_https.errors import LohError
from lambda_over_https.events import current_step
from lambda_over_https.files import private_folder, write_private
from lambda_over_https.settings import home
from lambda_over_https.show.canvas.visible import visible

EXIT_CODE = 70

# Key ids and session tokens have a known form; secrets have none, so they are looked for by value as well.
_SHAPES = re.compile(
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b"
    r"|(?i:(?:secret|token|password|signature|authorization)\w*[\"']?\s*[=:]\s*)[\"']?[^\s\"',;)]{6,}"
    r"|\b[A-Za-z0-9/+]{40,}={0,2}"
)
_SECRET_NAMES = re.compile("SECRET|TOKEN|PASSWORD|ACCESS_KEY", re.IGNORECASE)
_HIDDEN = "<hidden>"


def report_bug(error: BaseException) -> int:
    """Write the report (code locations only, no values of variables) and say where it is; returns 70."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    text = without_secrets(_report(error), os.environ)
    try:
        path = private_folder(home() / "bugs") / f"{stamp}.txt"
        write_private(path, text.encode())
        where = f"The report is in {path}."
    except (OSError, LohError):
        where = text
    said = f"Error: this is a bug in lambda-over-https: {type(error).__name__}. {where}\n"
    sys.stderr.write(visible(said))
    sys.stderr.write("Next: please report it. What was made is recorded; `loh teardown` removes it.\n")
    return EXIT_CODE


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """``text`` with everything replaced that is, or looks like, a credential."""
    values = [value for name, value in environ.items() if _SECRET_NAMES.search(name) and len(value) > 3]
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _HIDDEN)
    return _SHAPES.sub(_HIDDEN, text)


def _report(error: BaseException) -> str:
    about = {
        "command": next((each for each in sys.argv[1:] if not each.startswith("-")), ""),
        "step": current_step.get(),
        "lambda-over-https": version("lambda-over-https"),
        "boto3": version("boto3"),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    head = "\n".join(f"{name}: {value}" for name, value in about.items())
    return f"{head}\n\n{''.join(traceback.format_exception(error))}"
