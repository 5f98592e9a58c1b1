"""Everything that is shown: status and the picture in it, tables, code, progress, errors.

Answers go to standard output, progress and errors to standard error. This is the only package that uses
rich, and only for progress and for the walk: answers, errors and JSON do without. On a terminal there is
colour, and a spinner while we wait; in a pipe there are plain lines.
"""

from lambda_over_https.show.basics import (
    print_command,
    print_error,
    print_file,
    print_inventory,
    print_json,
    print_line,
    print_markdown,
    print_sandbox,
    say,
    say_aside,
    say_command,
)

__all__ = [
    "print_command",
    "print_error",
    "print_file",
    "print_inventory",
    "print_json",
    "print_line",
    "print_markdown",
    "print_sandbox",
    "say",
    "say_aside",
    "say_command",
]
