"""Lambda: what its calls refuse, statements of functions' policies, states, revisions."""

import base64
import io
import json
import re
import zipfile
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, find_role, lambda_backend
from lambda_over_https.sandbox.control.refusals import role_not_assumable
from lambda_over_https.sandbox.iam.policy import trusts
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import unsatisfied
from lambda_over_https.sandbox.strict import constraints, paging, tag_limits
from lambda_over_https.sandbox.strict.rules import Rules

BLOCKED_RUNTIMES = frozenset(
    """
    nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x
    python2.7 python3.6 python3.7 java8 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1
    dotnet5.0 dotnet7 go1.x ruby2.5 ruby2.7 provided
    """.split()  # noqa: SIM905 - one word a line would fill a page
)
"""Runtimes that new functions can no longer use (Lambda developer guide, "Lambda runtimes")."""

ZIP_LIMIT = 52_428_800
UNZIPPED_LIMIT = 262_144_000
ENVIRONMENT_LIMIT = 4096
MAX_TIMEOUT = 900
MAX_MEMORY = 10_240
NAME_LIMIT = 64

RESERVED_VARIABLES = frozenset(
    """
    _HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
    AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID
    AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR
    """.split()  # noqa: SIM905 - one word a line would fill a page
)
"""The variables that Lambda sets itself (developer guide, "Defined runtime environment variables")."""


def invalid(message: str) -> AwsError:
    """Lambda's usual refusal of a parameter."""
    return AwsError("InvalidParameterValueException", message)


def _name(call: AwsCall) -> None:
    name = call.parameters["FunctionName"]
    if ":" in name:
        raise AwsError("NotImplemented", "The sandbox creates functions only by their plain name.", 501)
    if len(name) > NAME_LIMIT:
        limit = f"Member must have length less than or equal to {NAME_LIMIT}"
        raise invalid(unsatisfied(name, "functionName", limit))


def _runtime(call: AwsCall) -> None:
    runtime = call.parameters.get("Runtime")
    if runtime is None:
        return
    if runtime in BLOCKED_RUNTIMES:
        raise invalid(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        )
    known = [name for name in _modelled_runtimes() if name not in BLOCKED_RUNTIMES]
    if runtime not in known:
        raise invalid(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(known)}] or be a valid ARN"
        )


def _modelled_runtimes() -> list[str]:
    from moto.core.utils import get_service_model

    names: list[str] = get_service_model("lambda").shape_for("Runtime").metadata["enum"]
    return names


def _handler(call: AwsCall) -> None:
    if call.parameters.get("PackageType", "Zip") == "Zip" and not (
        call.parameters.get("Runtime") and call.parameters.get("Handler")
    ):
        raise invalid(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )


def _settings(call: AwsCall) -> None:
    for name, largest in (("Timeout", MAX_TIMEOUT), ("MemorySize", MAX_MEMORY)):
        value = call.parameters.get(name)
        if value is not None and value > largest:
            limit = f"Member must have value less than or equal to {largest}"
            member = name[0].lower() + name[1:]
            raise AwsError("ValidationException", unsatisfied(value, member, limit))


def _environment(call: AwsCall) -> None:
    variables = (call.parameters.get("Environment") or {}).get("Variables") or {}
    words = "Lambda was unable to configure your environment variables because the environment variables you"
    reserved = sorted(RESERVED_VARIABLES & variables.keys())
    if reserved:
        raise invalid(
            f"{words} have provided contains reserved keys that are currently not supported for "
            f"modification. Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"))
    if len(measured) > ENVIRONMENT_LIMIT:
        raise invalid(f"{words} have provided exceeded the 4KB limit. String measured: {measured}")


def _source(call: AwsCall) -> None:
    if not call.parameters["Code"]:
        raise invalid("Please provide a source for function code.")


def _package(call: AwsCall) -> None:
    code = call.parameters.get("Code") or call.parameters
    if "ImageUri" in code:
        raise AwsError("NotImplemented", "The sandbox runs zip packages only, no container images.", 501)
    content = _zip_content(code.get("ZipFile"))
    if content is None:
        return
    if len(content) > ZIP_LIMIT:
        raise invalid(f"Zipped size must be smaller than {ZIP_LIMIT} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            size = sum(item.file_size for item in package.infolist())
    except zipfile.BadZipFile:
        raise invalid(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None
    if size > UNZIPPED_LIMIT:
        raise invalid(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")


def _zip_content(value: Any) -> bytes | None:
    return base64.b64decode(value) if isinstance(value, str) else value


def _trust(call: AwsCall) -> None:
    role_arn = call.parameters.get("Role")
    if role_arn is None or not re.fullmatch(r"arn:[^:]+:iam::\d{12}:role/.+", role_arn):
        return
    role = find_role(role_arn)
    if role is None or not trusts(role.assume_role_policy_document, "lambda.amazonaws.com"):
        raise role_not_assumable()


def _statement_exists(call: AwsCall) -> None:
    sid = call.parameters["StatementId"]
    if any(statement.get("Sid") == sid for statement in _policy(call)):
        raise AwsError(
            "ResourceConflictException",
            f"The statement id ({sid}) provided already exists. Please provide a new statement id, "
            "or remove the existing statement.",
            409,
        )


def _statement_missing(call: AwsCall) -> None:
    sid = call.parameters["StatementId"]
    present = _policy(call)
    if present and not any(statement.get("Sid") == sid for statement in present):
        message = f"Statement {sid} is not found in resource policy."
        raise AwsError("ResourceNotFoundException", message, 404)


def _principal(call: AwsCall) -> None:
    principal = call.parameters["Principal"]
    if not re.fullmatch(r"\*|\d{12}|arn:.+|[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)", principal):
        raise invalid("The provided principal was invalid. Please check the principal and try again.")


def _aliased(call: AwsCall) -> None:
    name, qualifier = call.parameters["FunctionName"], call.parameters.get("Qualifier")
    if qualifier is None or find_function(call.region, name, qualifier) is None:
        return
    aliases = lambda_backend(call.region).list_aliases(name)
    holding = [alias.name for alias in aliases if alias.function_version == qualifier]
    if holding:
        message = (
            f"Unable to delete version because the following aliases reference it: [{', '.join(holding)}]"
        )
        raise AwsError("ResourceConflictException", message, 409)


def _room_for_tags(call: AwsCall) -> None:
    function = find_function(call.region, call.parameters["Resource"])
    tag_limits.check(call, function.tags if function else ())


def _policy(call: AwsCall) -> list[dict[str, Any]]:
    """The function's statements. None if there is no such function, which moto then reports."""
    function = find_function(call.region, call.parameters["FunctionName"])
    return list(function.policy.statements) if function else []


def _created(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["State"] = "Pending"
    document["StateReason"] = "The function is being created."
    document["StateReasonCode"] = "Creating"
    response.document = document


def _updated(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["LastUpdateStatus"] = "InProgress"
    response.document = document


def _described(call: AwsCall, response: AwsResponse) -> None:
    """Report a reserved concurrency of 0 too."""
    reserved = find_function(call.region, call.parameters["FunctionName"]).reserved_concurrency
    if reserved is not None:
        document = response.document
        document["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
        response.document = document


def _published(call: AwsCall, _: AwsResponse) -> None:
    """Note that nothing has changed since this version; moto forgets that for the first version."""
    find_function(call.region, call.parameters["FunctionName"]).code_or_config_updated = False


_FUNCTIONS = paging.Listing(
    items="Functions",
    key="FunctionArn",
    size="MaxItems",
    position="Marker",
    following="NextMarker",
    default=50,
    largest=50,
)

RULES = Rules(
    every=[constraints.check, tag_limits.check],
    checks={
        "CreateFunction": [
            _name,
            _runtime,
            _handler,
            _settings,
            _environment,
            _source,
            _package,
            _trust,
        ],
        "UpdateFunctionConfiguration": [_runtime, _settings, _environment, _trust],
        "UpdateFunctionCode": [_package],
        "DeleteFunction": [_aliased],
        "AddPermission": [_principal, _statement_exists],
        "RemovePermission": [_statement_missing],
        "TagResource": [_room_for_tags],
    },
    amendments={
        "CreateFunction": _created,
        "GetFunction": _described,
        "PublishVersion": _published,
        "ListFunctions": paging.pages(_FUNCTIONS),
        "UpdateFunctionCode": _updated,
        "UpdateFunctionConfiguration": _updated,
    },
    wordings=[(r"Alias already exists: .+", "ResourceConflictException", r"\g<0>", 409)],
)
