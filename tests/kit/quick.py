"""What costs a process time and proves nothing in a test, left out."""

import functools
import os
from collections.abc import Callable
from typing import Any

import botocore.session


def quickened() -> Callable[[], None]:
    """Quicken this process, and those that it forks, until the function that is returned is called.

    Nothing waits for the disk: no test cuts the power, and other processes see what was written at once. All
    sessions of the SDK share one reader of its services' models, where each would read them anew.
    """
    sync, create_loader = os.fsync, botocore.session.create_loader

    def slow_again() -> None:
        os.fsync, botocore.session.create_loader = sync, create_loader

    reader: Any = functools.cache(create_loader)
    os.fsync, botocore.session.create_loader = _synced, reader
    return slow_again


def _synced(fd: Any) -> None:
    """As if it were on the disk."""
