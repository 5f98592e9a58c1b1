"""The first lines of a handler of one's own, for each runtime."""

from collections.abc import Mapping
from pathlib import Path

from lambda_over_https.deployment.handler.sources import SUFFIXES, runtime_of
from lambda_over_https.errors import UsageError

STARTING_POINTS: Mapping[str, str] = {
    "python": '''\
"""A greeting over HTTPS: the request's JSON is the event, and what handler returns is the answer."""


def handler(event, context):
    """Lambda calls this once for each request."""
    if event.get("operation") == "echo":  # the tutorial's test: give the payload back
        return event.get("payload")
    name = event.get("name", "world")
    print("Greeting", name)  # goes to the function's log
    return {"greeting": f"Hello, {name}!"}
''',
    "nodejs": """\
// A greeting over HTTPS: the request's JSON is the event, and what handler returns is the answer.

// Lambda calls this once for each request.
exports.handler = async (event, context) => {
  if (event.operation === 'echo') return event.payload; // the tutorial's test: give the payload back
  const name = event.name ?? 'world';
  console.log('Greeting', name); // goes to the function's log
  return { greeting: `Hello, ${name}!` };
};
""",
}


def write_starting_point(path: Path) -> None:
    """Write a handler to ``path``, in the language that its name tells.

    Raises UsageError if there is something already, for a name that tells no language, and where nothing can
    be written.
    """
    runtime = runtime_of(path)
    if not runtime:
        endings = " or ".join(SUFFIXES.values())
        raise UsageError(f"{path} names no language.", f"Its name must end in {endings}.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTING_POINTS[runtime])
    except FileExistsError as error:
        raise UsageError(
            f"{path} exists already; nothing was changed.",
            f"`loh run --source {path}` uses it, or choose another name.",
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
