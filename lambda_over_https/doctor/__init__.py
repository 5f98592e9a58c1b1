"""``loh doctor``: find what is wrong, and the command that fixes it.

``before`` examines what any run needs: who and where we are, clock, disk, names that are taken. ``after``
examines a deployment as AWS has it now. Both only look. An examination is a list of *checks*; one that needs
what another has found broken is left out, so that a cause is named and not all that follows from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lambda_over_https.errors import CredentialsError, LohError


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: what it saw, and if something is wrong, the command that fixes it."""

    name: str
    ok: bool
    what: str
    fix: str = ""
    remark: bool = False
    """Nothing is wrong, but it is worth a line of its own."""


class Remark(str):
    """What a check says that is worth a line of its own though nothing is wrong."""

    __slots__ = ()


class Wrong(Exception):  # noqa: N818 - it is what a check finds, not a failure of the program
    """Raised by a check: what is wrong, and the command that fixes it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``look`` says how it is, or raises Wrong; left out if any of ``needs`` is wrong."""

    name: str
    look: Callable[[], str]
    needs: frozenset[str] = frozenset()


def examine(checks: Iterable[Check]) -> Iterator[Finding]:
    """Make the checks in their order; an error of AWS's is a finding too, except that it does not know us."""
    wrong: set[str] = set()
    for check in checks:
        if check.needs & wrong:
            wrong.add(check.name)
            continue
        finding = _made(check)
        if not finding.ok:
            wrong.add(check.name)
        yield finding


def _made(check: Check) -> Finding:
    try:
        said = check.look()
        return Finding(check.name, True, str(said), remark=isinstance(said, Remark))
    except Wrong as found:
        return Finding(check.name, False, found.what, found.fix)
    except CredentialsError:
        raise
    except LohError as error:
        return Finding(check.name, False, error.message, error.hint)
