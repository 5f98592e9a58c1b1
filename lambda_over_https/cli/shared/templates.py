"""What ``export`` and ``explain`` do with infrastructure as code; there is no command in here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.deployments import known_journal
from lambda_over_https.deployment.handler.sources import deployed_source
from lambda_over_https.infrastructure.folder import write_folder
from lambda_over_https.infrastructure.languages import LANGUAGES, language
from lambda_over_https.infrastructure.notes import SOURCE
from lambda_over_https.infrastructure.reading.deployment import describe, describe_deployment
from lambda_over_https.infrastructure.terraform.adoption import WARNING, recorded_ids
from lambda_over_https.settings import AWS, Settings
from lambda_over_https.show.code import Code
from lambda_over_https.tutorial.chapter_lessons import OUTLINES

ONLY_THERE = (
    "This deployment is on the sandbox: "
    "Terraform finds it there alone, with the settings of `loh sandbox env`."
)


CHAPTERS = frozenset(each.name for each in OUTLINES)

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal.journal import Journal
    from lambda_over_https.names import Names
    from lambda_over_https.tutorial.parts.step import Step


def export(settings: Settings, form: str, folder: Path | None, *, adopt: bool) -> dict[str, Any]:
    """Describe a deployment in a language, in a folder or as one text; gives what to report of it."""
    journal, chosen = known_journal(settings), language(form)
    description = describe_deployment(journal.state)
    adopted = recorded_ids(journal.state) if adopt else None
    report: dict[str, Any] = {"format": form, "file": str(folder) if folder else None}
    if folder is None:
        report["text"] = chosen.text(description, adopted)
    else:
        texts = chosen.files(description, journal.deployment.name, adopted)
        files = {**{name: text.encode() for name, text in texts.items()}, **_handler(journal)}
        write_folder(folder, files)
        report["files"] = list(files)
    if adopt:
        report["warning"] = WARNING if journal.deployment.target == AWS else f"{WARNING} {ONLY_THERE}"
    return {**report, "not_included": chosen.not_included(description)}


def _handler(journal: "Journal") -> Mapping[str, bytes]:
    runtime = journal.state.choices.get("runtime", Choices().runtime)
    name, source = deployed_source(journal.path.parent, runtime)
    return {f"{SOURCE}/{name}": source}


def parts_of_step(
    step: "Step", names: "Names", choices: Choices, languages: Iterable[str] = tuple(LANGUAGES)
) -> list[Code]:
    """A step's part of a description, in each of the languages; its text is empty if it has none.

    That of a chapter is all that it adds or changes, also in what a step of the tutorial makes.
    """
    chosen = [LANGUAGES[name] for name in languages]
    if step.name not in CHAPTERS:
        whole = describe(names, choices)
        return [Code(each.title, each.lexer, each.part(whole, step.number)) for each in chosen]
    others = [name for name in choices.chapters if name != step.name]
    without = describe(names, replace(choices, chapters=tuple(others)))
    whole = describe(names, replace(choices, chapters=(*others, step.name)))
    return [Code(each.title, each.lexer, each.added(whole, without)) for each in chosen]
