"""The permissions that somebody needs to run this program, and how to give them: ``policy``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.options import with_settings
from lambda_over_https.cli.shared import finding, opening, policies
from lambda_over_https.settings import ENV_PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambda_over_https.aws.policies.operator import Scope

app = typer.Typer()
PANEL = "Removing and repairing"


@app.command(rich_help_panel=PANEL)
@with_settings
def policy(
    settings: Settings,
    prefix: Annotated[
        str | None,
        typer.Option(help="For all deployments whose names begin with this; default: only this one."),
    ] = None,
    boundary: Annotated[
        bool, typer.Option("--boundary", help="Print the permissions boundary that the policy asks for.")
    ] = False,
    permissions_boundary: Annotated[
        str,
        typer.Option(
            "--permissions-boundary",
            envvar=f"{ENV_PREFIX}PERMISSIONS_BOUNDARY",
            help="ARN of the boundary that the policy asks for, if it has another name.",
        ),
    ] = "",
    role_arn: Annotated[
        str,
        typer.Option(
            "--role-arn",
            envvar=f"{ENV_PREFIX}ROLE_ARN",
            help="For deployments that use this existing role; they may then make none.",
        ),
    ] = "",
    part: Annotated[
        int | None, typer.Option(min=1, help="Print only this part of a policy that is too long for one.")
    ] = None,
    chapter: Annotated[
        list[str] | None,
        typer.Option(
            help="Also for this chapter, or all; may be repeated. Default: those that are on.",
            autocompletion=completion.chapters,
        ),
    ] = None,
) -> None:
    """Print an IAM policy with the permissions that this program needs.

    It is for the deployments of one name or prefix. Roles may only be made with a permissions boundary, a
    second policy that limits them; --boundary prints it. How to use each, and what it does not protect
    against, is said beside it.

    Examples:  loh policy --boundary > boundary.json   ·   loh policy --target aws > policy.json   ·   loh
    policy --prefix class- --chapter all
    """
    from lambda_over_https import show
    from lambda_over_https.aws.policies import operator
    from lambda_over_https.tutorial.course import calls_of

    chapters = chapters_asked_for(settings, chapter)
    scope = operator.for_deployment(settings.name) if prefix is None else operator.for_prefix(prefix)
    place = opening.session(settings).place()
    arn = permissions_boundary or operator.boundary_arn(scope, place)
    if boundary:
        show.print_json(operator.boundary_policy(scope, place))
        lines = [*_making_the_boundary(scope, arn)]
    else:
        more = calls_of(chapters)
        document = operator.operator_policy(scope, place, boundary=arn, role_arn=role_arn, more=more)
        show.print_json(policies.one_part(document, part))
        lines = [*policies.limits(arn, role_arn, chapters), *policies.attaching(document, scope, part)]
    for line in lines:
        show.say(line)


def chapters_asked_for(settings: Settings, said: list[str] | None) -> list[str]:
    """The chapters that were asked for; without a word, those that are on in this deployment."""
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.report.status import chapters_on

    if said is None:
        journal = journal_on_disk(settings)
        return list(chapters_on(journal.state if journal else None))
    return finding.known_chapters(said)


def _making_the_boundary(scope: "Scope", arn: str) -> "Iterator[str]":
    yield (
        "Put it into boundary.json and make it a managed policy: aws iam create-policy --policy-name"
        f" {scope.boundary} --policy-document file://boundary.json"
    )
    yield f"Then deployments are made with `loh run --permissions-boundary {arn}`."
