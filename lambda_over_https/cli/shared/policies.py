"""A printed policy: one part of it, what it does not protect against, and how it is given to somebody."""

from typing import TYPE_CHECKING

from lambda_over_https.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambda_over_https.aws.policies.documents import Document
    from lambda_over_https.aws.policies.operator import Scope


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
