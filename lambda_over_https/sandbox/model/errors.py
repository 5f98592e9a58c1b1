"""The exception by which the sandbox refuses a call."""


class AwsError(Exception):
    """An error as AWS answers it: ``code`` (the SDK's error code), ``message`` and HTTP ``status``."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
