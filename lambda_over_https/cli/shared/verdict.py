"""What the doctor found, and the exit code that says whether all is well."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lambda_over_https.doctor import Finding


def end_with(
    findings: "list[Finding]",
    *,
    everything: bool,
    as_json: bool,
    in_full: str = "`loh doctor --all`",
    after: str = "",
) -> None:
    """Show what was found, and end with 1 if something is wrong.

    ``in_full`` is the command that folds nothing, in backticks; ``after`` a sentence below what people read.
    """
    from lambda_over_https import show
    from lambda_over_https.show.findings import print_findings

    healthy = all(each.ok for each in findings)
    if as_json:
        show.print_json({"healthy": healthy, "findings": [asdict(each) for each in findings]})
    else:
        print_findings(findings, everything=everything, in_full=in_full)
        if after:
            show.say(after)
    raise typer.Exit(0 if healthy else 1)
