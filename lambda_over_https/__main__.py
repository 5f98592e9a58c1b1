"""Where the process begins, as ``loh`` or ``python -m lambda_over_https``; ^C is quiet from the start."""

import atexit
import gc
import sys

from lambda_over_https.errors import InterruptedRunError

GARBAGE_THRESHOLD = 100_000
"""Objects made until Python looks for garbage. A command loads much and lets go of little: with the usual
700 a sixth of its start goes into looking."""


def main() -> None:
    """Load the command line and run it; raises SystemExit with its exit code."""
    _spare_looking_for_garbage()
    try:
        from lambda_over_https.cli import app

        app.main()
    except KeyboardInterrupt:
        sys.exit(InterruptedRunError.exit_code)


def _spare_looking_for_garbage() -> None:
    """Look for garbage rarely, and not at the end, when the system takes back all memory anyway."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    atexit.register(gc.freeze)


if __name__ == "__main__":
    main()
