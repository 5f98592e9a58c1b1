"""The permissions that somebody needs to run this program, and how to give them: ``policy``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion, finding, opening
from lambda_over_https.cli.options import with_settings
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import ENV_PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambda_over_https.aws.policies.operator import Document, Scope

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
        show.print_json(one_part(document, part))
        lines = [*limits(arn, role_arn, chapters), *attaching(document, scope, part)]
    for line in lines:
        show.say(line)


def chapters_asked_for(settings: Settings, said: list[str] | None) -> list[str]:
    """The chapters that were asked for; without a word, those that are on in this deployment."""
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.report.reports import chapters_on

    if said is None:
        journal = journal_on_disk(settings)
        return list(chapters_on(journal.state if journal else None))
    return known_chapters(said)


def known_chapters(said: "Sequence[str]") -> list[str]:
    """These chapters, or all of them for ``all``; raises UsageError for one that there is not."""
    from lambda_over_https.tutorial.chapter_lessons import OUTLINES

    known = [each.name for each in OUTLINES]
    for name in said:
        if name not in (*known, "all"):
            raise finding.unknown("chapter", name, known, "loh chapter list")
    return known if "all" in said else list(said)


def limits(boundary: str, role_arn: str, chapters: "Sequence[str]") -> "Iterator[str]":
    """What the printed policy does not protect against."""
    if role_arn:
        yield f"Whoever holds this policy can run code with {role_arn}, and so do all that this role may do."
    else:
        yield (
            f"Roles can only be made with the permissions boundary {boundary}. It keeps whoever holds this"
            " policy from becoming an administrator through a role, as long as they may not change the"
            " boundary or take it off; this policy does not allow either."
        )
    yield (
        "The holder can delete a REST API only by its name. Changes of what is in one are limited by its tag,"
        " which prevents mistakes, not malice: IAM cannot limit who sets tags on a REST API."
    )
    if "keys" in chapters:
        yield (
            "For the chapter keys it allows listing the account's API keys, and whoever may list them can"
            " also read their values: IAM has one action for both."
        )


def _making_the_boundary(scope: "Scope", arn: str) -> "Iterator[str]":
    yield (
        "Put it into boundary.json and make it a managed policy: aws iam create-policy --policy-name"
        f" {scope.boundary} --policy-document file://boundary.json"
    )
    yield f"Then deployments are made with `loh run --permissions-boundary {arn}`."


def one_part(document: "Document", part: int | None) -> "Document":
    """That part of the policy, or all of it; raises UsageError if it has no such part."""
    from lambda_over_https.aws.policies.sizes import parts

    if part is None:
        return document
    found = parts(document)
    if part > len(found):
        raise UsageError(f"The policy has no part {part}.", f"It has {len(found)}.")
    return dict(found[part - 1])


def attaching(document: "Document", scope: "Scope", part: int | None) -> "Iterator[str]":
    """How the policy is given to somebody; and that it must be split, if it must."""
    from lambda_over_https.aws.policies.sizes import MANAGED, USER_INLINE, parts, size

    name, known = scope.boundary.replace("-boundary", "-policy"), parts(document)
    if part is None and len(known) > 1:
        numbers = " and ".join(f"`--part {number}`" for number in range(1, len(known) + 1))
        yield (
            f"It has {size(document):,} characters, and a managed policy may have {MANAGED:,}. Print it in"
            f" {len(known)} parts, with {numbers}, and attach each."
        )
        return
    suffix = f"-{part}" if part else ""
    yield (
        f"It has {size(one_part(document, part)):,} characters: a managed policy may have {MANAGED:,}, all"
        f" inline policies of a user together {USER_INLINE:,}. So put it into policy.json, and: aws iam"
        f" create-policy --policy-name {name}{suffix} --policy-document file://policy.json"
    )
    yield "Attach it with `aws iam attach-user-policy`, or `attach-group-policy` for several people."
