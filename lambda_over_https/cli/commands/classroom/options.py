"""What the commands of a class share."""

from typing import Annotated

import typer

from lambda_over_https.settings import ENV_PREFIX

PANEL = "A class"

ClassName = Annotated[
    str | None,
    typer.Option("--class", envvar=f"{ENV_PREFIX}CLASS", help="Which class, if there are several."),
]
Only = Annotated[list[str] | None, typer.Option("--only", help="Only this student; may be repeated.")]
