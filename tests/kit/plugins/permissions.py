"""Root obeys no permission of a file; the tests must, whoever runs them: in CI that is often root."""

import ctypes
import os
import sys

OVERRIDES = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (capabilities(7)): to write, and to read, what is closed."""

_VERSION = 0x20080522
_DROP_FOR_CHILDREN = 24  # PR_CAPBSET_DROP


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    """Half of the three sets; ours are in the first."""

    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


def obey_permissions() -> None:
    """Let this process, and all that it starts from now on, obey the permissions of files.

    On Linux, that is; who tests elsewhere should not be root.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION, 0), (_Sets * 2)()
    _check(libc.capget(ctypes.byref(header), sets))
    for capability in OVERRIDES:
        _check(libc.prctl(_DROP_FOR_CHILDREN, capability, 0, 0, 0))
        sets[0].effective &= ~(1 << capability)
        sets[0].permitted &= ~(1 << capability)
    _check(libc.capset(ctypes.byref(header), sets))


def _check(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
