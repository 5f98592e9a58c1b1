"""The README of an exported folder: deploy, try, delete, and what the folder lacks."""

from collections.abc import Iterator

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.notes import SOURCE

REQUEST = '{"operation": "echo", "payload": {"hello": "world"}}'

TAKEN = (
    "The names are those of the deployment `{name}`: remove it first (`loh teardown`), "
    "or choose others with {how}."
)
"""Why it cannot be deployed beside the deployment that it describes; ``how`` other names are chosen."""

_ABOUT = """\
`{main}` describes the resources and `{source}/` has the function. Your AWS settings say in which account and
region they are made. {names}
"""


def readme(description: Description, main: str, names: str, tested: str, commands: str) -> str:
    """The text in Markdown.

    ``main`` is the file to read, ``names`` what is said of the names of the resources, ``tested`` what is
    known of it, ``commands`` are shell commands with their comments.
    """
    return "\n".join(_lines(description, main, names, tested, commands)) + "\n"


def _lines(description: Description, main: str, names: str, tested: str, commands: str) -> Iterator[str]:
    yield "# A DynamoDB table over HTTPS\n"
    yield _ABOUT.format(main=main, source=SOURCE, names=names)
    yield f"{tested}\n"
    yield f"```sh\n{commands}\n```"
    if description.left_out:
        yield "\nNot included:\n"
        yield from (f"- {each}" for each in description.left_out)
