"""The languages that a deployment can be described in, and what each makes of a description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lambda_over_https.errors import UsageError
from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.sam import folder as sam
from lambda_over_https.infrastructure.sam import template
from lambda_over_https.infrastructure.terraform import configuration
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
    ``text``
        The description alone, in one text.
    ``part``
        What of it belongs to one step; empty if nothing does.
    """

    title: str
    lexer: str
    files: Callable[[Description, str, Ids | None], Mapping[str, str]]
    text: Callable[[Description, Ids | None], str]
    part: Callable[[Description, str], str]


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
    SAM: Language("AWS SAM", "yaml", _sam_files, _sam_text, template.part),
    TERRAFORM: Language("Terraform", "terraform", terraform.files, terraform.text, configuration.part),
}


def language(name: str) -> Language:
    """The language of that name; raises UsageError if there is none."""
    if name not in LANGUAGES:
        raise UsageError(f"There is no language {name!r}.", f"Choose --as {' or '.join(LANGUAGES)}.")
    return LANGUAGES[name]
