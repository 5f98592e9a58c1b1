"""A prompt for the ``aws`` command inside the walk, with the environment that ``sandbox env`` prints."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lambda_over_https.cli.commands.sandbox import environment
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.hints import command
from lambda_over_https.settings import SANDBOX, Settings, home
from lambda_over_https.show import print_error

COMMAND = "aws"
LEAVE = frozenset({"q", "quit", "exit"})
HELP = frozenset({"h", "help", "?"})
PROMPT = "$ "
MORE = "> "


class AwsPrompt:
    """Runs what a learner types, in ``folder``; ``show`` is given what it wrote.

    ``erase`` removes the line above, which the prompt has left.
    """

    def __init__(
        self,
        environment: Callable[[], Mapping[str, str]],
        folder: Path,
        show: Callable[[str], None],
        erase: Callable[[], None],
    ) -> None:
        self._environment = environment
        self._folder = folder
        self._show = show
        self._erase = erase

    def run(self, line: str) -> None:
        """Run a line; what is wrong with it is shown."""
        try:
            self._show(_output_of(line, self._environment(), self._folder))
        except LohError as error:
            print_error(error)

    def missing(self) -> str:
        """Why no command can be run here, and what to do; empty if one can."""
        return "" if program(self._environment()) else f"{NOT_INSTALLED} {INSTALL}"

    def until(self, done: Callable[[], bool]) -> None:
        """Ask for lines and run them, until one is empty or all is ``done``."""
        if not program(self._environment()):
            print_error(LohError(NOT_INSTALLED, INSTALL))
            return
        self._show(ABOUT)
        while (line := ask_line()) and (word := line.removeprefix(f"{COMMAND} ").strip()) not in LEAVE:
            if word in HELP:
                self._show(ABOUT)
                continue
            if len(word) == 1:
                self._show(OF_THE_PAGE.format(word))
                continue
            self.run(line)
            if done():
                return
        self._erase()


ABOUT = (
    "Type an aws command; `aws iam create-role help` explains one. An empty line, or q, leaves the\n"
    "prompt: then the keys of the page work again, h for a hint among them."
)
OF_THE_PAGE = "{0} is a key of the page: leave the prompt with an empty line, then press {0}."
NOT_INSTALLED = "The aws command is not installed."
INSTALL = "`pip install awscli` installs it. Or use boto3 in another terminal."


def program(environment: Mapping[str, str]) -> str | None:
    """The ``aws`` command: of the PATH, or the one beside this Python; None if there is none."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(COMMAND, path=environment.get("PATH")) or shutil.which(COMMAND, path=beside)


def plain(text: str) -> str:
    """The text without the overstriking of manual pages: a letter, a backspace, and the letter to show."""
    return re.sub(".\x08", "", text)


def ask_line() -> str:
    """A line from the terminal, to be edited and recalled with the arrow keys; empty to go back.

    A line that ends with a backslash goes on in the next one, as in a shell.
    """
    lines: list[str] = []
    while True:
        line = _input(MORE if lines else PROMPT, f"{COMMAND} " if not lines else "")
        lines.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            return _mended(" ".join(lines))


def _mended(line: str) -> str:
    """The command: who types ``aws`` after the one that is there already means it once."""
    text = line.strip()
    while text.startswith((f"{COMMAND} {COMMAND} ", f"{COMMAND} ws ")):
        text = f"{COMMAND} {text.split(maxsplit=2)[2]}"
    return "" if text == COMMAND else text


def _input(prompt: str, begun: str) -> str:
    """A line; empty at the end of the input."""
    try:
        import readline
    except ImportError:  # Windows
        begun_shown = ""
    else:
        readline.set_startup_hook(lambda: readline.insert_text(begun))
        begun_shown = "" if sys.stdout.isatty() else begun
    try:
        return begun_shown + input(prompt)
    except EOFError:
        return ""
    finally:
        if "readline" in sys.modules:
            sys.modules["readline"].set_startup_hook(None)


def _output_of(line: str, environment: Mapping[str, str], folder: Path) -> str:
    """Run one ``aws`` command in ``folder``, and give what it wrote.

    Raises LohError if it is none, or the command is not installed.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"The line is not complete: {error}.", "Close every quote.") from error
    if words[:1] != [COMMAND]:
        raise UsageError(f"Only {COMMAND} commands run here.", "Use another terminal for anything else.")
    found = program(environment)
    if found is None:
        raise LohError(NOT_INSTALLED, INSTALL)
    done = subprocess.run(
        [found, *words[1:]],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return plain(done.stdout)


def environment_for(settings: Settings) -> dict[str, str]:
    """What makes the command use the place of these settings; its output comes without a pager."""
    plain = {**os.environ, "AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off"}
    if settings.target == SANDBOX and not settings.endpoint_url:
        return {**_without_aws(plain), **_sandboxed()}
    said = _said(settings)
    default = {"AWS_DEFAULT_REGION": said["AWS_REGION"]} if "AWS_REGION" in said else {}
    return {**plain, **said, **default}


def other_terminal(settings: Settings) -> tuple[str, str]:
    """How to make the same calls in another terminal: a sentence, and a command where one prepares it."""
    if settings.target == SANDBOX and not settings.endpoint_url:
        return "Or use another terminal, after this command:", f'eval "$({command("loh sandbox env")})"'
    said = shlex.join(f"{name}={value}" for name, value in _said(settings).items())
    sentence = "Or use another terminal with the same credentials and region"
    return (f"{sentence}, after this command:", f"export {said}") if said else (f"{sentence}.", "")


def _said(settings: Settings) -> dict[str, str]:
    """The AWS SDK's variables for what the settings say."""
    variables = {
        "AWS_PROFILE": settings.profile,
        "AWS_REGION": settings.region,
        "AWS_ENDPOINT_URL": settings.endpoint_url,
    }
    return {name: value for name, value in variables.items() if value}


def _sandboxed() -> dict[str, str]:
    from lambda_over_https.sandbox.client import daemon

    found = daemon.find(home())
    return {**environment(found), "AWS_PAGER": ""} if found else {}


def _without_aws(variables: Mapping[str, str]) -> dict[str, str]:
    """Without what the shell says of AWS: a profile, say, would win over the sandbox's keys."""
    return {name: value for name, value in variables.items() if not name.startswith("AWS_")}
