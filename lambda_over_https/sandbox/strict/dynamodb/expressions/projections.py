"""The grammar of DynamoDB's projections, and paths that overlap.

DynamoDB guide, "Using projection expressions".
"""

import functools
from collections.abc import Iterable
from itertools import combinations

from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import Reader, WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import Path, Resolved


@functools.lru_cache(maxsize=512)
def read_projection(text: str) -> tuple[Path, ...]:
    """Read a list of document paths. Raises WrongError if the text is none."""
    return _ProjectionReader(text).whole()


class _ProjectionReader(Reader):
    words = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})

    def whole(self) -> tuple[Path, ...]:
        paths = self._list(self._path)
        self._end()
        return paths


def check_apart(paths: Iterable[Resolved]) -> None:
    """Raises WrongError if one path is, or leads into, another, or if two take the same for list and map."""
    for one, other in combinations(paths, 2):
        for part, opposite in zip(one, other, strict=False):
            if type(part) is not type(opposite):
                raise _not_apart("conflict", one, other)
            if part != opposite:
                break
        else:
            raise _not_apart("overlap", one, other)


def _not_apart(how: str, one: Resolved, other: Resolved) -> WrongError:
    return WrongError(
        f"Two document paths {how} with each other; must remove or rewrite one of these paths; "
        f"path one: {listed(one)}, path two: {listed(other)}"
    )


def listed(path: Resolved) -> str:
    """A path as messages show it: ``[a, [0], b]``."""
    return f"[{', '.join(f'[{part}]' if isinstance(part, int) else part for part in path)}]"
