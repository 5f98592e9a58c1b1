"""The README of an exported folder: deploy, try, delete, and what the folder lacks."""

import textwrap
from collections.abc import Sequence

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.notes import SOURCE

EVENT = '{"operation": "echo", "payload": {"hello": "world"}}'

TAKEN = (
    "The names are those of the deployment `{name}`: remove it first (`loh teardown`), "
    "or choose others with {how}."
)
"""Why it cannot be deployed beside the deployment that it describes; ``how`` other names are chosen."""

_ABOUT = (
    "`{main}` describes the resources and `{source}/` has the function. Your AWS settings say in which "
    "account and region they are made. {names}"
)

WIDTH = 100


def readme(left_out: Sequence[str], main: str, names: str, tested: str, commands: str) -> str:
    """The text in Markdown.

    ``left_out`` is what the folder lacks, ``main`` the file to read, ``names`` what is said of the names of
    the resources, ``tested`` what is known of it, ``commands`` are shell commands with their comments.
    """
    about = _ABOUT.format(main=main, source=SOURCE, names=names)
    parts = ["# A DynamoDB table over HTTPS", _filled(about), _filled(tested), f"```sh\n{commands}\n```"]
    if left_out:
        parts += ["Not included:", "\n".join(f"- {each}" for each in left_out)]
    return "\n\n".join(parts) + "\n"


def request(description: Description, url: str, key_id: str) -> str:
    """The commands that send a request; ``url`` and ``key_id`` are what a shell makes the values of."""
    if not any(each.name == "api_key_id" for each in description.outputs):
        return f"curl -X POST -d '{EVENT}' \"{url}\""
    options = "--include-value --query value --output text"
    return (
        f'key=$(aws apigateway get-api-key --api-key "{key_id}" {options})\n'
        f'curl -X POST -H "x-api-key: $key" -d \'{EVENT}\' "{url}"'
    )


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
