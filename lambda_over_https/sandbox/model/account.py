"""The account that the sandbox plays, and where its clients are unless they say otherwise."""

from typing import Final

ACCOUNT: Final = "123456789012"
"""The number of the sandbox's only account: the one that AWS's documentation uses."""

PARTITION: Final = "aws"

DEFAULT_REGION: Final = "us-east-1"
