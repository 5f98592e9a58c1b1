"""Has the data plane follow the calls that change how many workers are kept ready."""

from collections.abc import Callable

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer

_CALLS = frozenset(
    {
        "PutProvisionedConcurrencyConfig",
        "DeleteProvisionedConcurrencyConfig",
        "UpdateAlias",
        "DeleteAlias",
        "DeleteFunction",
    }
)


class Provisioning(Layer):
    """Calls ``follow`` after each of them; it must only hand over to another thread."""

    services = frozenset({"lambda"})

    def __init__(self, follow: Callable[[], object]) -> None:
        self._follow = follow

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Tell that the number may be another one now."""
        del response
        if call.operation in _CALLS:
            self._follow()
