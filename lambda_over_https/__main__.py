"""Where the process begins, as ``loh`` or ``python -m lambda_over_https``; ^C is quiet from the start."""

import sys

from lambda_over_https.errors import InterruptedRunError


def main() -> None:
    """Load the command line and run it; raises SystemExit with its exit code."""
    try:
        from lambda_over_https.cli import app

        app.main()
    except KeyboardInterrupt:
        sys.exit(InterruptedRunError.exit_code)


if __name__ == "__main__":
    main()
