"""How a worker process is started: its command and its environment, for each kind of runtime.

The environment is the one of "Using Lambda environment variables" in AWS's guide, plus the function's own.
Nothing of the user's is passed on: no AWS variables, no ~/.aws, no PYTHONPATH or NODE_OPTIONS.
"""

import functools
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.bootstrap.python import PROVIDED
from lambda_over_https.sandbox.model import Credentials, Function
from lambda_over_https.sandbox.nodejs import ensure_node, node_options

_BOOTSTRAP = Path(__file__).with_name("bootstrap")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker is given besides its function.

    ``home`` is an empty folder, ``sdk`` the folder with the AWS SDK for JavaScript, if there is one.
    """

    endpoint_url: str
    runtime_api: str
    log_stream: str
    credentials: Credentials
    home: Path
    sdk: Path | None = None


class UnknownRuntimeError(LohError):
    """The sandbox cannot run this kind of function."""


def command(function: Function) -> Sequence[str]:
    """The command line that starts a worker. LohError if this machine cannot run the function."""
    if function.runtime.startswith("python"):
        return _python(function)
    if function.runtime.startswith("nodejs"):
        return _nodejs(function)
    raise UnknownRuntimeError(
        f"The sandbox runs Python and Node.js functions, and {function.name} is for {function.runtime!r}."
    )


def version(function: Function) -> str:
    """What runs the function here, for the log: the machine's own Python or Node.js."""
    if function.runtime.startswith("python"):
        return f"python {sys.version.split()[0]}"
    return f"node {ensure_node()}"


def environment(function: Function, given: Surroundings) -> dict[str, str]:
    """The worker's whole environment."""
    variables = {
        "AWS_ACCESS_KEY_ID": given.credentials.access_key_id,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": given.endpoint_url,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": given.log_stream,
        "AWS_LAMBDA_RUNTIME_API": given.runtime_api,
        "AWS_REGION": function.region,
        "AWS_SECRET_ACCESS_KEY": given.credentials.secret_access_key,
        "AWS_SESSION_TOKEN": given.credentials.session_token,
        "HOME": str(given.home),
        "LAMBDA_RUNTIME_DIR": str(_BOOTSTRAP),
        "LAMBDA_TASK_ROOT": str(function.code),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
    }
    if given.sdk is not None:
        variables["NODE_PATH"] = str(given.sdk / "node_modules")
    return {**variables, **function.environment}


def _python(function: Function) -> Sequence[str]:
    # -S, -s and -P: the handler sees what AWS's image holds, not what is installed here.
    # -B: AWS's code folder is read-only.
    return (
        sys.executable,
        "-BPSs",
        str(_BOOTSTRAP / "python.py"),
        *_provided_folders(),
        "--",
        function.handler,
    )


def _nodejs(function: Function) -> Sequence[str]:
    return ("node", *node_options(function.memory_size), str(_BOOTSTRAP / "nodejs.js"))


@functools.cache
def _provided_folders() -> Sequence[str]:
    """The folders in which the packages of AWS's Python runtime are installed here."""
    found = (importlib.util.find_spec(name) for name in PROVIDED)
    folders = {_folder(Path(spec.origin)) for spec in found if spec is not None and spec.origin is not None}
    return sorted(folders)


def _folder(origin: Path) -> str:
    return str(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
