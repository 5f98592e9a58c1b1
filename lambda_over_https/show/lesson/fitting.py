"""Choose how much of a step's calls to show: all of them, the main one, or only its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.code import Code, both_ways

LEAST = 4
"""The fewest rows in which the beginning of a call is of use."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The blocks of code that fit, and what is left out: of the main call, in words, and whole calls."""

    blocks: tuple[tuple[Code, ...], ...]
    left_out: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """The operations of the calls that are not shown."""

    @property
    def is_cut(self) -> bool:
        """Whether something is left out."""
        return bool(self.left_out or self.others)


def fitted(calls: Sequence[Call], main: Call | None, rows: int, width: int) -> Fitted:
    """The main call and as many of the others as fit into ``rows``, in the order in which they are made."""
    if main is None or rows < LEAST:
        return Fitted((), others=tuple(call.operation for call in calls))
    block, left_out = _main(main, rows, width)
    chosen = {id(main): block}
    room = rows - _height(block)
    for call in calls:
        each = both_ways(call, width)
        if not left_out and call is not main and _height(each) <= room:
            chosen[id(call)] = each
            room -= _height(each)
    shown = tuple(chosen[id(call)] for call in calls if id(call) in chosen)
    return Fitted(shown, left_out, tuple(call.operation for call in calls if id(call) not in chosen))


def _main(call: Call, rows: int, width: int) -> tuple[tuple[Code, ...], tuple[str, ...]]:
    whole, short = both_ways(call, width), both_ways(_abridged(call), width)
    if _height(whole) <= rows:
        return whole, ()
    if _height(short) <= rows:
        return short, ("the values shown as ...",)
    if _height(short[:1]) <= rows:
        return short[:1], ("the aws command",)
    return (_beginning(short[0], rows - 2),), ("the rest of it", "the aws command")


def _height(block: Sequence[Code]) -> int:
    """Rows of a block and the blank one below it."""
    return sum(code.height for code in block) + 1


def _abridged(call: Call) -> Call:
    """The call with ``...`` in place of tags and description."""
    aside = ("tags", "description")
    return replace(
        call, parameters={key: ... if key.lower() in aside else each for key, each in call.parameters.items()}
    )


def _beginning(code: Code, rows: int) -> Code:
    return replace(code, text="\n".join([*code.text.split("\n")[: rows - 1], "    ..."]))
