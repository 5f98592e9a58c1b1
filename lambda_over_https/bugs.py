"""A bug of ours: the traceback goes to a file, the user gets its path."""

import sys
import traceback
from datetime import UTC, datetime

from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder, write_private
from lambda_over_https.settings import home

EXIT_CODE = 70


def report_bug(error: BaseException) -> int:
    """Write the report (code locations only, no values of variables) and say where it is; returns 70."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    text = "".join(traceback.format_exception(error))
    try:
        path = private_folder(home() / "bugs") / f"{stamp}.txt"
        write_private(path, text.encode())
        where = f"The report is in {path}."
    except (OSError, LohError):
        where = text
    sys.stderr.write(f"Error: this is a bug in lambda-over-https: {type(error).__name__}. {where}\n")
    sys.stderr.write("Next: please report it. What was made is written down; `loh teardown` removes it.\n")
    return EXIT_CODE
