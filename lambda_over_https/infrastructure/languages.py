"""The languages that a deployment can be described in, and what each makes of a description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.errors import UsageError
from lambda_over_https.infrastructure import noting
from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.sam import folder as sam
from lambda_over_https.infrastructure.sam import template
from lambda_over_https.infrastructure.terraform import configuration, hcl
from lambda_over_https.infrastructure.terraform import folder as terraform
from lambda_over_https.infrastructure.terraform.adoption import Ids

SAM, TERRAFORM = "sam", "terraform"


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    ``title``, ``lexer``
        Its name in a sentence, and in pygments.
    ``files``
        The files of a folder but for the handler, for a deployment of that name. With ids, it takes over what
        they belong to.
    ``not_included``
        What of the deployment they lack, in words.
    ``text``
        The description alone, in one text.
    ``tree``, ``written``
        Its resources as data, with notes of their steps; and such data as text.
    """

    title: str
    lexer: str
    files: Callable[[Description, str, Ids | None], Mapping[str, str]]
    not_included: Callable[[Description], list[str]]
    text: Callable[[Description, Ids | None], str]
    tree: Callable[[Description], Any]
    written: Callable[[Any], str]

    def part(self, description: Description, step: str) -> str:
        """What belongs to a step; empty if nothing does."""
        found = noting.part(self.tree(description), {step})
        return self.written(found) if found else ""

    def added(self, description: Description, before: Description) -> str:
        """What a description has that another has not; empty if nothing."""
        found = noting.added(self.tree(description), self.tree(before))
        return self.written(found) if found else ""


def _sam_files(description: Description, name: str, adopted: Ids | None) -> Mapping[str, str]:
    _refuse(adopted)
    return sam.files(description, name)


def _sam_text(description: Description, adopted: Ids | None) -> str:
    _refuse(adopted)
    return template.template(description)


def _refuse(adopted: Ids | None) -> None:
    if adopted is not None:
        raise UsageError(
            "A SAM template cannot take over what exists.", "Leave out --adopt, or choose --format terraform."
        )


LANGUAGES: Mapping[str, Language] = {
    SAM: Language(
        "AWS SAM", "yaml", _sam_files, sam.not_included, _sam_text, template.tree, template.written
    ),
    TERRAFORM: Language(
        "Terraform",
        "terraform",
        terraform.files,
        terraform.not_included,
        terraform.text,
        configuration.resources,
        hcl.text,
    ),
}


def language(name: str) -> Language:
    """The language of that name; raises UsageError if there is none."""
    if name not in LANGUAGES:
        raise UsageError(f"There is no language {name!r}.", f"Choose --as {' or '.join(LANGUAGES)}.")
    return LANGUAGES[name]
