"""A prompt for the ``aws`` command in a walk or a drill, with the environment that ``sandbox env`` prints."""

import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

from lambda_over_https.cli.keys import silent
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.hints import command
from lambda_over_https.settings import SANDBOX, Settings, home
from lambda_over_https.show import print_error, print_line
from lambda_over_https.show.canvas.pager import at_interruption, deaf_to_interruption

COMMAND = "aws"
CUT = "ws "
"""How a command begins that was pasted on the page: its first letter is the key that opens the prompt."""
LEAVE = frozenset({"", "q", "quit", "exit"})
HELP = frozenset({"help", "?"})
PROMPT = "$ "
MORE = "> "


class Shown(Protocol):
    """Where a learner reads what the prompt says: the pages of a walk or of a drill."""

    def raw(self, text: str) -> None:
        """Show a short text."""

    def erase_line(self) -> None:
        """Remove the line above, which the prompt has left."""

    def at_work(self, text: str) -> AbstractContextManager[None]:
        """Show what one waits for."""

    def output(self, text: str, go_on: Callable[[bool], bool], *, manual: bool) -> None:
        """Show what a command wrote, a window at a time if it is long; a ``manual`` page in a pager."""


class AwsPrompt:
    """Runs what a learner types, in ``folder``; ``go_on`` asks after a window of what it wrote."""

    def __init__(
        self,
        environment: Callable[[], Mapping[str, str]],
        folder: Path,
        show: Shown,
        go_on: Callable[[bool], bool],
    ) -> None:
        self._environment = environment
        self._folder = folder
        self._show = show
        self._go_on = go_on

    def run(self, line: str) -> None:
        """Run a command; what is wrong with it is shown."""
        try:
            words = _words(line)
            with self._show.at_work("aws is running"), silent():
                text = _output_of(words, self._environment(), self._folder)
        except LohError as error:
            print_error(error)
        else:
            self._show.output(text, self._between_windows(), manual=words[-1] == "help")

    def _between_windows(self) -> Callable[[bool], bool]:
        """After the last window nobody is asked: the prompt stands below it, or what is wrong still."""
        # To ask would throw away the commands that were pasted after this one.
        pasted = _more_was_pasted()
        return lambda more: more and (pasted or self._go_on(more))

    def missing(self) -> str:
        """Why no command can be run here, and what to do; empty if one can."""
        return "" if program(self._environment()) else f"{NOT_INSTALLED} {INSTALL}"

    def until(self, done: Callable[[], bool], keys: Sequence[str], *, again: bool = False) -> str:
        """Ask for lines and run them, until one is empty, or one of the page's ``keys``, or all is ``done``.

        Gives that key, for the page to act on it; else an empty text. ``again``: after such a key, so the
        prompt need not explain itself.
        """
        if not program(self._environment()):
            print_error(LohError(NOT_INSTALLED, INSTALL))
            return ""
        if not again:
            self._show.raw(ABOUT)
        of_the_page = {each.partition(" ")[0] for each in keys}
        while (line := ask_command()) not in LEAVE | of_the_page:
            if line in HELP:
                self._show.raw(ABOUT)
            else:
                self.run(line)
                if done():
                    return ""
        self._show.erase_line()
        return "" if line in LEAVE else line


ABOUT = (
    "Type aws commands as in a shell, or paste them, also over several lines.\n"
    "`aws iam create-role help` explains one. An empty line, or q, leaves the prompt.\n"
    "The keys of the page work here too, each with Enter: h for a hint."
)
NOT_INSTALLED = "The aws command is not installed."
INSTALL = (
    "Install version 2 of the AWS CLI (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html),"
    " or use boto3 in another terminal."
)


def program(environment: Mapping[str, str]) -> str | None:
    """The ``aws`` command: of the PATH, or the one beside this Python; None if there is none."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(COMMAND, path=environment.get("PATH")) or shutil.which(COMMAND, path=beside)


def ask_command() -> str:
    """A command from the terminal, to be edited and recalled with the arrow keys; empty to go back.

    As in a shell it goes on in the next line after a backslash, and while a quote is open; an empty line ends
    it there, and ^C gives it up. An empty line between two pasted commands does not leave the prompt.
    """
    while True:
        try:
            with at_interruption(signal.default_int_handler):
                return _asked()
        except KeyboardInterrupt:
            print_line("")


def _asked() -> str:
    text = _input(PROMPT)
    while not text.strip() and _more_was_pasted():
        text = _input(PROMPT)
    if text.startswith(CUT):
        text = f"{COMMAND}{text.removeprefix(CUT.strip())}"
    while _goes_on(text) and (more := _input(MORE)):
        text = f"{text}\n{more}"
    return text.strip()


def _goes_on(text: str) -> bool:
    """Whether a shell would ask for another line: for the one after a backslash, or for the closing quote."""
    try:
        shlex.split(text)
    except ValueError:
        return True
    return text.endswith("\\")


def _more_was_pasted() -> bool:
    return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], 0)[0])


def _input(prompt: str) -> str:
    """A line; empty at the end of the input."""
    with suppress(ImportError):  # Windows
        import readline  # noqa: F401 - input() edits with it
    try:
        return input(prompt)
    except EOFError:
        return ""


def _words(line: str) -> list[str]:
    """The words of an ``aws`` command, as a shell would split them. Raises UsageError if it is none."""
    try:
        words = shlex.split(line.replace("\\\n", ""))
    except ValueError as error:
        raise UsageError(f"The line is not complete: {error}.", "Close every quote.") from error
    if words[:1] != [COMMAND]:
        raise UsageError(
            f"Only {COMMAND} commands run here.",
            f"Begin with the word {COMMAND}. Use another terminal for anything else.",
        )
    return words


def _output_of(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> str:
    """Run an ``aws`` command in ``folder``, and give what it wrote; LohError if it is not installed."""
    found = program(environment)
    if found is None:
        raise LohError(NOT_INSTALLED, INSTALL)
    aws = subprocess.Popen(
        [found, *words[1:]],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with deaf_to_interruption():
        written, _ = aws.communicate()
    return written


def environment_for(settings: Settings, region: str) -> dict[str, str]:
    """What makes the command use the place of these settings; its output comes without pager and colours.

    ``region`` is the deployment's.
    """
    from lambda_over_https.sandbox.client.environment import region_variables

    plain = {**os.environ, "AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off", "GROFF_NO_SGR": "1"}
    if settings.target == SANDBOX and not settings.endpoint_url:
        return {**_without_aws(plain), **_sandboxed(region)}
    return {**plain, **_said(settings), **region_variables(region)}


def other_terminal(settings: Settings) -> tuple[str, str]:
    """How to make the same calls in another terminal: a sentence, and a command where one prepares it."""
    if settings.target == SANDBOX and not settings.endpoint_url:
        return "Or use another terminal, after this command:", f'eval "$({command("loh sandbox env")})"'
    said = shlex.join(f"{name}={value}" for name, value in _said(settings).items())
    sentence = "Or use another terminal with the same credentials and Region"
    return (f"{sentence}, after this command:", f"export {said}") if said else (f"{sentence}.", "")


def _said(settings: Settings) -> dict[str, str]:
    """The AWS SDK's variables for what the settings say."""
    variables = {
        "AWS_PROFILE": settings.profile,
        "AWS_REGION": settings.region,
        "AWS_ENDPOINT_URL": settings.endpoint_url,
    }
    return {name: value for name, value in variables.items() if value}


def _sandboxed(region: str) -> dict[str, str]:
    from lambda_over_https.sandbox.client import daemon
    from lambda_over_https.sandbox.client.environment import environment

    found = daemon.find(home())
    return {**environment(found, region), "AWS_PAGER": ""} if found else {}


def _without_aws(variables: Mapping[str, str]) -> dict[str, str]:
    """Without what the shell says of AWS: a profile, say, would win over the sandbox's keys."""
    return {name: value for name, value in variables.items() if not name.startswith("AWS_")}
