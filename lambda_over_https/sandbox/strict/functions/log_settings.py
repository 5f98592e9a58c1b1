"""How a function logs: its LoggingConfig, as recorded on AWS."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import logging_of, set_logging
from lambda_over_https.sandbox.control.moto_state import find_function
from lambda_over_https.sandbox.model.errors import AwsError

_LEVELS = ("ApplicationLogLevel", "SystemLogLevel")


def check_log_settings(call: AwsCall) -> None:
    """Only JSON has levels. The message is as reported in aws/aws-cdk#28045."""
    given = call.parameters.get("LoggingConfig") or {}
    function = find_function(call.region, call.parameters["FunctionName"])
    present = logging_of(function)["LogFormat"] if function else "Text"
    if given.get("LogFormat", present) == "Text" and any(given.get(name) for name in _LEVELS):
        raise AwsError(
            "InvalidParameterValueException",
            'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or '
            'change the LogFormat to "Json" and try again.',
        )


def note_log_settings(call: AwsCall, function: Any) -> None:
    """Change what the call names of the function's settings; levels come and go with JSON."""
    given = {name: value for name, value in (call.parameters.get("LoggingConfig") or {}).items() if value}
    if not given:
        return
    settings = {**logging_of(function), **given}
    if settings["LogFormat"] == "Text":
        settings = {name: value for name, value in settings.items() if name not in _LEVELS}
    else:
        settings = {**dict.fromkeys(_LEVELS, "INFO"), **settings}
    set_logging(function, settings)
