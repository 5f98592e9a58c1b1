"""Function URLs: the calls that create, describe, change and delete them. Messages are AWS's, as recorded."""

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    qualified_arn,
    settings_of,
    split_name,
    target_of,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import matching, unsatisfied

_ALIAS = r"((?!^\d+$)^[0-9a-zA-Z-_]+$)"
_SETTINGS = ("AuthType", "Cors", "InvokeMode")


def answers(base_url: str) -> dict[str, Callable[[AwsCall], AwsResponse]]:
    """The answers to the calls on function URLs; ``base_url`` is where the sandbox serves HTTPS."""

    def told(function: Any, qualifier: str, config: dict[str, Any]) -> dict[str, Any]:
        url = {"FunctionUrl": f"{base_url}/_aws/lambda-url/{config['id']}/"}
        arn = {"FunctionArn": qualified_arn(function, qualifier)}
        return {**url, **arn, **{name: value for name, value in config.items() if name != "id"}}

    def create(call: AwsCall) -> AwsResponse:
        function, qualifier = _target(call)
        urls, now = settings_of(function).urls, _now()
        if qualifier in urls:
            arn = qualified_arn(function, qualifier)
            raise AwsError(
                "ResourceConflictException",
                f"Failed to create function url config for [functionArn = {arn}]. Error message:  "
                "FunctionUrlConfig exists for this Lambda function",
                409,
            )
        urls[qualifier] = {
            "id": uuid.uuid4().hex,
            "InvokeMode": "BUFFERED",
            **_given(call),
            "CreationTime": now,
            "LastModifiedTime": now,
        }
        hidden = {"LastModifiedTime"} | ({"InvokeMode"} - call.parameters.keys())
        document = told(function, qualifier, urls[qualifier])
        return AwsResponse.json(201, {k: v for k, v in document.items() if k not in hidden})

    def get(call: AwsCall) -> AwsResponse:
        return AwsResponse.json(200, told(*_existing(call)))

    def update(call: AwsCall) -> AwsResponse:
        _target(call)
        function, qualifier, config = _existing(call)
        config.update(_given(call), LastModifiedTime=_now())
        return AwsResponse.json(200, told(function, qualifier, config))

    def delete(call: AwsCall) -> AwsResponse:
        function, qualifier, _ = _existing(call)
        del settings_of(function).urls[qualifier]
        return AwsResponse.json(204)

    def listed(call: AwsCall) -> AwsResponse:
        function, _ = _target(call)
        found = [told(function, *item) for item in settings_of(function).urls.items()]
        return AwsResponse.json(200, {"FunctionUrlConfigs": found})

    return {
        "CreateFunctionUrlConfig": create,
        "GetFunctionUrlConfig": get,
        "UpdateFunctionUrlConfig": update,
        "DeleteFunctionUrlConfig": delete,
        "ListFunctionUrlConfigs": listed,
    }


def _target(call: AwsCall) -> tuple[Any, str]:
    _, qualifier = split_name(call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    if qualifier and not re.fullmatch(_ALIAS, qualifier):
        raise AwsError("ValidationException", unsatisfied(qualifier, "qualifier", matching(_ALIAS)))
    try:
        return target_of(call)
    except AwsError:
        raise AwsError("ResourceNotFoundException", "Function does not exist", 404) from None


def _existing(call: AwsCall) -> tuple[Any, str, dict[str, Any]]:
    _, qualifier = split_name(call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    try:
        function, _ = target_of(call, qualified=False)
        return function, qualifier or LATEST, settings_of(function).urls[qualifier or LATEST]
    except (AwsError, KeyError):
        message = "The resource you requested does not exist."
        raise AwsError("ResourceNotFoundException", message, 404) from None


def _given(call: AwsCall) -> dict[str, Any]:
    return {name: call.parameters[name] for name in _SETTINGS if call.parameters.get(name) is not None}


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
