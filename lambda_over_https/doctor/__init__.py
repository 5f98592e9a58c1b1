"""``loh doctor``: find what is wrong, and the command that fixes it.

``before`` examines what any run needs: who and where we are, clock, disk, names that are taken. ``after``
examines a deployment as AWS has it now. Both change nothing; the last probes send the requests of ``verify``,
whose item is removed again. An examination is a list of *probes*; one that needs what another has found
broken is left out, so that a cause is named and not all that follows from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lambda_over_https.errors import CredentialsError, LohError
from lambda_over_https.hints import completed


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found: what it saw, and if something is wrong, the command that fixes it."""

    name: str
    ok: bool
    what: str
    fix: str = ""
    remark: bool = False
    """Nothing is wrong, but it is worth a line of its own."""


class Remark(str):
    """What a probe says that is worth a line of its own though nothing is wrong."""

    __slots__ = ()


class Wrong(Exception):  # noqa: N818 - it is what a check finds, not a failure of the program
    """Raised by a probe: what is wrong, and the command that fixes it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Probe:
    """One look: ``look`` says how it is, or raises Wrong; left out if any of ``needs`` is wrong."""

    name: str
    look: Callable[[], str]
    needs: frozenset[str] = frozenset()


def examine(probes: Iterable[Probe]) -> Iterator[Finding]:
    """Make the probes in their order; an error of AWS's is a finding too, except that it does not know us."""
    wrong: set[str] = set()
    for probe in probes:
        if probe.needs & wrong:
            wrong.add(probe.name)
            continue
        finding = _made(probe)
        if not finding.ok:
            wrong.add(probe.name)
        yield finding


def _made(probe: Probe) -> Finding:
    try:
        said = probe.look()
        return Finding(probe.name, True, str(said), remark=isinstance(said, Remark))
    except Wrong as found:
        return Finding(probe.name, False, found.what, found.fix)
    except CredentialsError:
        raise
    except LohError as error:
        return Finding(probe.name, False, completed(error.message), completed(error.hint))
