"""How long a policy may be, by where it is put.

Source: IAM user guide, "IAM and AWS STS quotas": white space does not count.
"""

import json
from typing import Any

MANAGED = 6_144
"""Characters of a managed policy."""

USER_INLINE = 2_048
"""Characters of all inline policies of one user together."""


def size(document: Any) -> int:
    """The characters of a policy document that count."""
    return len(json.dumps(document, separators=(",", ":")))


def parts(document: Any) -> list[Any]:
    """The policy as managed policies that each fit: one, or as few as their statements can be put into."""
    found: list[Any] = []
    for statement in document["Statement"]:
        longer = {**document, "Statement": [*found[-1]["Statement"], statement]} if found else None
        if longer and size(longer) <= MANAGED:
            found[-1] = longer
        else:
            found.append({**document, "Statement": [statement]})
    return found
