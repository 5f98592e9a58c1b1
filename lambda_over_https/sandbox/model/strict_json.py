"""Lambda's check of an event: it must be JSON as RFC 8259 defines it."""

import json
from typing import NoReturn


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"Unrecognized token '{constant}'")


# Numbers stay text: nobody reads them here, and Python refuses to read very long ones.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse)


def check(document: bytes) -> None:
    """Raise ValueError, with Lambda's message, unless ``document`` is JSON.

    Python's own reader also takes ``NaN`` and ``Infinity``; Lambda does not.
    """
    try:
        _DECODER.decode(document.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"Could not parse request body into json: Could not parse payload into json: {error}"
        ) from None
