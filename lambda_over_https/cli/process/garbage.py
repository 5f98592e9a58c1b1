"""Memory of a command that stays for hours."""

import gc

GARBAGE_THRESHOLDS = (700, 10, 10)
"""Python's own (its documentation, ``gc``)."""


def stay() -> None:
    """Look for garbage as Python usually does: for a command that stays for hours, and would grow meanwhile.

    What is there by now stays too, and is not looked at any more.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
