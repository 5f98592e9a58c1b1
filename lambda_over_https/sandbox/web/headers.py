"""What can be a header of HTTP (RFC 9110, section 5)."""

import re

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def is_header(name: str, value: str) -> bool:
    """Whether name and value are valid in a header."""
    return _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None
