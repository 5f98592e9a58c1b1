"""The settings of a table's stream, with the refusals of CreateTable and UpdateTable in AWS's words.

The words are those that reports of calls on AWS have.
"""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.stream_records import is_enabled
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

_INVALID = "One or more parameter values were invalid: "
_CREATED = f"{_INVALID}Table is being created with a stream "


def check_new(call: AwsCall) -> None:
    """A table that is made with a stream says which view its records have, and only then."""
    _check_view(
        call,
        f"{_CREATED}enabled, UpdateViewType is required",
        f"{_CREATED}disabled, UpdateViewType should not be specified",
    )


def check_change(call: AwsCall) -> None:
    """A stream is switched on with a view, where there is none, and switched off where there is one."""
    settings = _settings(call)
    name = call.parameters["TableName"].rpartition("/")[2]
    table = dynamodb_backend(call.region).tables.get(name)
    if settings is None or table is None:
        return
    _check_view(
        call,
        f"{_INVALID}If stream is being enabled then UpdateViewType is required",
        f"{_INVALID}If stream is being disabled, then UpdateViewType must not be specified",
    )
    if settings["StreamEnabled"] and is_enabled(table):
        raise invalid(f"Table already has an enabled stream: TableName: {name}")
    if not settings["StreamEnabled"] and not is_enabled(table):
        raise invalid(f"Table has no stream to disable: TableName: {name}")


def _settings(call: AwsCall) -> dict[str, Any] | None:
    settings: dict[str, Any] | None = call.parameters.get("StreamSpecification")
    return settings


def _check_view(call: AwsCall, missing: str, surplus: str) -> None:
    settings = _settings(call)
    if settings is None or bool(settings["StreamEnabled"]) is bool(settings.get("StreamViewType")):
        return
    raise invalid(missing if settings["StreamEnabled"] else surplus)
