"""The sandbox's AWS account, and the Region that its clients use unless they name another."""

from typing import Final

ACCOUNT: Final = "123456789012"
"""The number of the sandbox's only account: the one that AWS's documentation uses."""

PARTITION: Final = "aws"

DEFAULT_REGION: Final = "us-east-1"
