"""The README of an exported folder, in about ten lines: deploy, try, delete, and what the folder lacks."""

import textwrap
from collections.abc import Mapping, Sequence

from lambda_over_https.hints import completed
from lambda_over_https.infrastructure.description import Description
from lambda_over_https.tutorial.request import OWN_EVENT, as_text

ECHO = {"operation": "echo", "payload": {"hello": "world"}}

TAKEN = (
    "The names are those of the deployment `{name}`: run `loh teardown` first, or choose others with {how}."
)
"""Why it cannot be deployed beside the deployment that it describes; ``how`` other names are chosen."""

DELETE = "Delete, with all items of the table"

_WHERE = "Account and Region are those of your AWS settings."

WIDTH = 110


def readme(about: Sequence[str], commands: Mapping[str, str], left_out: Sequence[str]) -> str:
    """The text in Markdown.

    ``about`` are sentences on this export, ``commands`` are shell commands by what each does, ``left_out``
    is what the folder lacks.
    """
    items = [f"- {what}: `{command}`" for what, command in commands.items()]
    items += [f"- Not included: {each}" for each in left_out]
    return "\n\n".join(["# A DynamoDB table over HTTPS", _filled([_WHERE, *about]), "\n".join(items)]) + "\n"


def requests(description: Description, url: str, key_id: str) -> dict[str, str]:
    """The commands that send a request; ``url`` and ``key_id`` are what a shell makes the values of."""
    event = as_text(OWN_EVENT if description.own_handler else ECHO)
    if not any(each.name == "api_key_id" for each in description.outputs):
        return {"Try": f"curl -X POST -d '{event}' -w '\\n' \"{url}\""}
    options = "--include-value --query value --output text"
    return {
        "Read an API key": f'key=$(aws apigateway get-api-key --api-key "{key_id}" {options})',
        "Try": f"curl -X POST -H \"x-api-key: $key\" -d '{event}' -w '\\n' \"{url}\"",
    }


def _filled(sentences: Sequence[str]) -> str:
    return textwrap.fill(
        completed(" ".join(sentences)), WIDTH, break_long_words=False, break_on_hyphens=False
    )
