"""What costs a process time and proves nothing in a test, left out."""

import functools
import inspect
import os
from collections.abc import Callable
from typing import Any

import botocore.hooks
import botocore.session

hooks: Any = botocore.hooks
aliaser: Any = hooks.EventAliaser


def quickened() -> Callable[[], None]:
    """Quicken this process, and those that it forks, until the function that is returned is called.

    Nothing waits for the disk: no test cuts the power, and other processes see what was written at once. All
    sessions of the SDK share one reader of its services' models, where each would read them anew. Nor does
    each anew look at the signatures of its hundred handlers, and translate the names of their events.
    """
    slow: Any = (os.fsync, botocore.session.create_loader, hooks.accepts_kwargs, aliaser.__init__)

    def slow_again() -> None:
        os.fsync, botocore.session.create_loader, hooks.accepts_kwargs, aliaser.__init__ = slow

    names: dict[str, str] = {}

    def sharing_names(self: Any, *arguments: Any) -> None:
        slow[3](self, *arguments)
        self._alias_name_cache = names

    os.fsync, botocore.session.create_loader = _synced, functools.cache(slow[1])
    hooks.accepts_kwargs, aliaser.__init__ = _accepts_kwargs, sharing_names
    return slow_again


def _accepts_kwargs(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return bool(code.co_flags & inspect.CO_VARKEYWORDS if code else inspect.getfullargspec(function)[2])


def _synced(fd: Any) -> None:
    """As if it were on the disk."""
