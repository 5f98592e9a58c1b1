"""Lambda: what CreateFunction and the updates of a function refuse."""

import base64
import io
import json
import re
import zipfile
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.refusals import role_not_assumable
from lambda_over_https.sandbox.iam.policies.principals import LAMBDA, trusting_role
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import unsatisfied
from lambda_over_https.sandbox.strict import as_told

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
MAX_TIMEOUT = 1800
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


WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
"""The variable that names a script to start the runtime with."""


def invalid(message: str) -> AwsError:
    """Lambda's usual refusal of a parameter."""
    return AwsError("InvalidParameterValueException", message)


def check_name(call: AwsCall) -> None:
    """A function's name is not too long."""
    name = call.parameters["FunctionName"]
    if len(name) > NAME_LIMIT:
        limit = f"Member must have length less than or equal to {NAME_LIMIT}"
        raise invalid(unsatisfied(name, "functionName", limit))


def check_runtime(call: AwsCall) -> None:
    """The runtime is one that AWS still supports for new functions."""
    runtime = call.parameters.get("Runtime")
    if runtime is None:
        return
    if runtime in BLOCKED_RUNTIMES:
        raise invalid(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        )
    if runtime not in _modelled_runtimes():
        raise invalid(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{as_told.RUNTIMES}] or be a valid ARN"
        )


def _modelled_runtimes() -> list[str]:
    from moto.core.utils import get_service_model

    names: list[str] = get_service_model("lambda").shape_for("Runtime").metadata["enum"]
    return names


def check_handler(call: AwsCall) -> None:
    """A function with a deployment package has a runtime and a handler."""
    if call.parameters.get("PackageType", "Zip") == "Zip" and not (
        call.parameters.get("Runtime") and call.parameters.get("Handler")
    ):
        raise invalid(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )


def check_settings(call: AwsCall) -> None:
    """Timeout and memory are within their limits."""
    for name, largest in (("Timeout", MAX_TIMEOUT), ("MemorySize", MAX_MEMORY)):
        value = call.parameters.get(name)
        if value is not None and value > largest:
            limit = f"Member must have value less than or equal to {largest}"
            member = name[0].lower() + name[1:]
            raise AwsError("ValidationException", unsatisfied(value, member, limit))


def check_environment(call: AwsCall) -> None:
    """The environment has no reserved variables, and is not too large."""
    variables = (call.parameters.get("Environment") or {}).get("Variables") or {}
    if WRAPPER in variables:
        raise NotImplementedError(f"{WRAPPER}. Leave the variable out: no wrapper script is run")
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


def check_source(call: AwsCall) -> None:
    """What makes a function, or changes its code, brings code."""
    code = call.parameters.get("Code") or call.parameters
    if code.get("ZipFile") is None:
        raise invalid("Please provide a source for function code.")


def check_package(call: AwsCall) -> None:
    """The package is a zip file within the limits, with something in it."""
    content = package_of(call)
    if content is None:
        return
    if len(content) > ZIP_LIMIT:
        message = f"Zipped size must be smaller than {ZIP_LIMIT} bytes"
        raise AwsError("RequestEntityTooLargeException", message, 413)
    if not names_in(content):
        raise invalid("Uploaded file must be a non-empty zip")
    if unzipped_size(content) > UNZIPPED_LIMIT:
        raise invalid(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")


def package_of(call: AwsCall) -> bytes | None:
    """The zip file that the call brings along, if it does."""
    code = call.parameters.get("Code") or call.parameters.get("Content") or call.parameters
    value: Any = code.get("ZipFile")
    return base64.b64decode(value) if isinstance(value, str) else value


def unzipped_size(content: bytes) -> int:
    """The bytes of all files in a zip file, as it tells them itself. AwsError if it is none."""
    return sum(item.file_size for item in _listed(content))


def names_in(content: bytes) -> list[str]:
    """The names of the files in a zip file. AwsError if it is none."""
    return [item.filename for item in _listed(content)]


def _listed(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.infolist()
    except zipfile.BadZipFile:
        raise invalid(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None


def check_trust(call: AwsCall) -> None:
    """The role exists and trusts Lambda."""
    role_arn = call.parameters.get("Role")
    if role_arn is None or not re.fullmatch(r"arn:[^:]+:iam::\d{12}:role/.+", role_arn):
        return
    if trusting_role(role_arn, LAMBDA) is None:
        raise role_not_assumable()
