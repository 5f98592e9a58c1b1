"""Texts of others, made harmless: what would drive the terminal is shown as the characters that it is.

A log line, an answer or an error text may hold escape sequences that move the cursor, set the window's title
or fill the clipboard, or marks that turn the reading direction round. Everything passes through here on its
way to a screen, and to a pipe too: its reader may be a terminal later.
"""

import re

_DRIVING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # all control characters but tab and line feed
    "\xad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen, or turning
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text with each such character as ``\u001b``: in a JSON document it still means the same."""
    return _DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
