"""The exception by which the sandbox refuses a call."""


class AwsError(Exception):
    """An error as AWS answers it: ``code`` (the SDK's error code), ``message`` and HTTP ``status``.

    Lambda also says whose fault it is (``Type``), but for a few errors: these are not ``typed``.
    """

    def __init__(self, code: str, message: str, status: int = 400, *, typed: bool = True) -> None:
        super().__init__(f"{code}: {message}")
        self.typed = typed
        self.code = code
        self.message = message
        self.status = status
