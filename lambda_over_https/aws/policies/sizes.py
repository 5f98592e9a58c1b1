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
