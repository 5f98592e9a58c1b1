"""The README of an exported folder: deploy, try, delete, and what the folder lacks."""

import textwrap

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.notes import SOURCE

REQUEST = '{"operation": "echo", "payload": {"hello": "world"}}'

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


def readme(description: Description, main: str, names: str, tested: str, commands: str) -> str:
    """The text in Markdown.

    ``main`` is the file to read, ``names`` what is said of the names of the resources, ``tested`` what is
    known of it, ``commands`` are shell commands with their comments.
    """
    about = _ABOUT.format(main=main, source=SOURCE, names=names)
    parts = ["# A DynamoDB table over HTTPS", _filled(about), _filled(tested), f"```sh\n{commands}\n```"]
    if description.left_out:
        parts += ["Not included:", "\n".join(f"- {each}" for each in description.left_out)]
    return "\n\n".join(parts) + "\n"


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
