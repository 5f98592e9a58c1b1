"""How a worker process is started: its command and environment, for each kind of runtime.

The environment is that of "Using Lambda environment variables" in AWS's guide, plus the function's own. The
worker gets none of the user's: no AWS variables, no ~/.aws, no PYTHONPATH, no NODE_OPTIONS.
"""

import functools
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.nodejs import ensure_node, ensure_sdk, node_command
from lambda_over_https.sandbox.client.proxies import LOOPBACK
from lambda_over_https.sandbox.lambda_.bootstrap.python import PROVIDED
from lambda_over_https.sandbox.lambda_.workers.process import Program
from lambda_over_https.sandbox.model.functions import Credentials, Function

_BOOTSTRAP = Path(__file__).parents[1] / "bootstrap"


@dataclass(frozen=True, slots=True)
class StartParameters:
    """What a worker needs to start, besides its function.

    ``home`` is an empty folder, ``cache`` the one that holds the AWS SDK for JavaScript. ``initialization``
    is ``on-demand`` or ``provisioned-concurrency``.
    """

    endpoint_url: str
    runtime_api: str
    log_stream: str
    credentials: Credentials
    home: Path
    cache: Path
    initialization: str = "on-demand"


@dataclass(frozen=True, slots=True)
class Launch:
    """A worker's program. ``runtime`` names what runs it on this machine; ``remarks`` are for its log."""

    program: Program
    runtime: str
    remarks: Sequence[str] = ()


def prepare(function: Function, parameters: StartParameters) -> Launch:
    """Prepare what the function's runtime needs. This can take long: the SDK for JavaScript may be fetched.

    LohError if this machine cannot run the function.
    """
    if function.runtime.startswith("python"):
        return _python(function, parameters)
    if function.runtime.startswith("nodejs"):
        return _nodejs(function, parameters)
    raise LohError(
        f"The sandbox runs Python and Node.js functions, not {function.runtime or 'container images'}."
    )


def _python(function: Function, parameters: StartParameters) -> Launch:
    # -S, -s and -P: the handler sees what AWS's image contains, not what is installed here.
    # -B: AWS's code folder is read-only.
    start = (sys.executable, "-BPSs", str(_BOOTSTRAP / "python.py"))
    command = (*start, *provided_folders(), "--", function.handler, *_layers(function))
    return Launch(
        Program(command, _environment(function, parameters), function.code, parameters.runtime_api),
        f"python {sys.version.split()[0]}",
    )


def _nodejs(function: Function, parameters: StartParameters) -> Launch:
    version = ensure_node()
    command = (*node_command(function.memory_size), str(_BOOTSTRAP / "nodejs.js"), *_layers(function))
    environment = _environment(function, parameters)
    modules = _layered_modules(function)
    remarks: list[str] = []
    try:
        sdk = ensure_sdk(parameters.cache, remarks.append)
    except LohError as error:
        # Only functions that require the SDK fail, with Runtime.ImportModuleError.
        remarks.append(f"{error.message} {error.hint}")
    else:
        # AWS's Node.js is new enough, so there the SDK prints no warning.
        quiet = {"AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true"}
        modules = [*modules, str(sdk / "node_modules")]
        environment = {**quiet, **environment}
    if modules:
        environment = {"NODE_PATH": ":".join(modules), **environment}
    program = Program(command, environment, function.code, parameters.runtime_api)
    return Launch(program, f"node {version}", remarks)


def _environment(function: Function, parameters: StartParameters) -> dict[str, str]:
    variables = {
        "AWS_ACCESS_KEY_ID": parameters.credentials.access_key_id,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": parameters.endpoint_url,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": parameters.initialization,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": parameters.log_stream,
        "AWS_LAMBDA_RUNTIME_API": parameters.runtime_api,
        "AWS_REGION": function.region,
        "AWS_SECRET_ACCESS_KEY": parameters.credentials.secret_access_key,
        "AWS_SESSION_TOKEN": parameters.credentials.session_token,
        "HOME": str(parameters.home),
        "LAMBDA_RUNTIME_DIR": str(_BOOTSTRAP),
        "LAMBDA_TASK_ROOT": str(function.code),
        "LANG": "en_US.UTF-8",
        "NO_PROXY": ",".join(LOOPBACK),  # macOS has proxies that no variable names
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
    }
    if function.logging.json:
        variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        variables["AWS_LAMBDA_LOG_LEVEL"] = function.logging.application_level
    if function.layers is not None:
        variables["PATH"] += f":{function.layers / 'bin'}"
        variables["LD_LIBRARY_PATH"] = str(function.layers / "lib")
    return {**variables, **function.environment}


def _layers(function: Function) -> list[str]:
    """The folder that stands for /opt; none if the function has no layers."""
    return [str(function.layers)] if function.layers else []


def _layered_modules(function: Function) -> list[str]:
    """The folders of modules in the layers (Lambda guide, "Layer paths for each Lambda runtime")."""
    if function.layers is None:
        return []
    major = function.runtime.removeprefix("nodejs").removesuffix(".x")
    root = function.layers / "nodejs"
    return [str(root / f"node{major}" / "node_modules"), str(root / "node_modules")]


@functools.cache
def provided_folders() -> Sequence[str]:
    """The folders on this machine that hold the packages of AWS's Python runtime."""
    found = (importlib.util.find_spec(name) for name in PROVIDED)
    return sorted({_folder(Path(spec.origin)) for spec in found if spec is not None and spec.origin})


def _folder(origin: Path) -> str:
    return str(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
