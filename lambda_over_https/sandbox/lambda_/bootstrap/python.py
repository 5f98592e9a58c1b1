"""Starts AWS's Python runtime for a function: ``python -BPsS python.py FOLDER... -- HANDLER [LAYERS]``.

The FOLDERs hold the packages of AWS's Python runtime on this machine, LAYERS the layers' files, which are in
/opt on AWS. As on AWS, a handler can import only those packages, the function's and its layers', not what is
installed beside the sandbox.
"""

import gc
import importlib.machinery
import importlib.util
import os
import site
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

# What AWS's image contains besides the standard library.
PROVIDED = frozenset(
    {
        "awslambdaric",
        "boto3",
        "botocore",
        "dateutil",
        "jmespath",
        "s3transfer",
        "simplejson",
        "six",
        "snapshot_restore_py",
        "urllib3",
    }
)

LOADING = 50_000
"""New objects between two collections of garbage while the handler is loaded: what it imports stays, and to
look through it again and again takes a sixth of the start."""


class ProvidedPackages:
    """An import finder for the packages of AWS's runtime. It is asked after the function's own folder."""

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = folders

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a provided top-level package. Its modules are found through the package itself."""
        if path is None and name in PROVIDED:
            return importlib.machinery.PathFinder.find_spec(name, self._folders, target)
        return None


def main(arguments: Sequence[str]) -> None:
    """Set the import path as AWS does, then run awslambdaric."""
    usual = gc.get_threshold()
    gc.set_threshold(LOADING, *usual[1:])
    divider = arguments.index("--")
    handler, *layers = arguments[divider + 1 :]
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"], *_modules(*layers)]
    sys.meta_path.append(ProvidedPackages(arguments[:divider]))
    _give_runtime_client()
    site.setquit()  # -S removes exit() and quit().
    sys.argv = ["bootstrap", handler]
    named = _names_on_aws(arguments[:divider], *layers)
    SourceFileLoader.source_to_code = _compiled_as_on_aws(SourceFileLoader.source_to_code, named)  # type: ignore[method-assign]
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    bootstrap.extract_traceback = _named_as_on_aws(bootstrap.extract_traceback, named)
    bootstrap.make_error = _told_as_on_aws(bootstrap.make_error, named)
    bootstrap.StandardLogSink = _one_event_a_record(bootstrap.StandardLogSink)
    # AWS polls from a thread, one for each event, so that Python sees signals meanwhile. That doubles the
    # time of a short event, and nobody signals here.
    host, _, path = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    client = _as_here(LambdaRuntimeClient, path, usual)(host, use_thread_for_polling_next=False)
    bootstrap.run(handler, client)


def _modules(layers: str = "") -> list[str]:
    """The folders of modules in the layers, in the order in which AWS's runtime looks there."""
    if not layers:
        return []
    version = os.environ["AWS_EXECUTION_ENV"].removeprefix("AWS_Lambda_")
    return [f"{layers}/python/lib/{version}/site-packages", f"{layers}/python"]


def _names_on_aws(provided: Sequence[str], layers: str = "") -> Callable[[str], str]:
    """Name files as AWS does: the function's are in /var/task, layers' in /opt, Python's in /var/lang."""
    python = f"/var/lang/lib/{os.environ['AWS_EXECUTION_ENV'].removeprefix('AWS_Lambda_')}"
    folders = {
        os.environ["LAMBDA_TASK_ROOT"]: "/var/task",
        **({layers: "/opt"} if layers else {}),
        **dict.fromkeys(provided, f"{python}/site-packages"),
        str(Path(os.__file__).parent): python,
    }

    def named(text: str) -> str:
        for root, name in folders.items():
            text = text.replace(f"{root}/", f"{name}/")
        return text

    return named


def _compiled_as_on_aws(to_code: Callable[..., Any], named: Callable[[str], str]) -> Callable[..., Any]:
    """Compile modules under the names of their files on AWS, so that every traceback tells these.

    Python finds the lines of the source through the module, which knows where its file is.
    """

    def compiled(loader: Any, data: Any, path: Any, *more: Any, **options: Any) -> Any:
        return to_code(loader, data, named(os.fspath(path)), *more, **options)

    return compiled


def _named_as_on_aws(
    extract: Callable[[Any], list[Any]], named: Callable[[str], str]
) -> Callable[[Any], list[Any]]:
    """Name the files in a traceback as AWS does, also of modules that were compiled before."""

    def extracted(traceback: Any) -> list[Any]:
        return [(named(name), *rest) for name, *rest in extract(traceback)]

    return extracted


def _told_as_on_aws(make_error: Callable[..., Any], named: Callable[[str], str]) -> Callable[..., Any]:
    """Name the files in the message of an error as AWS does."""

    def made(message: str, *more: Any) -> Any:
        return make_error(message and named(message), *more)

    return made


def _as_here(client: type[Any], path: str, collector: tuple[int, int, int]) -> type[Any]:
    """AWS's client, which knows the API's host only, with the API's path before each of its own.

    When it first asks for an event the handler is loaded, and ``collector`` holds again: the thresholds of
    garbage collection, unless the function has set its own.
    """

    # Which class it is depends on the packages beside the function, so a type checker cannot know its base.
    class AsHere(client):  # type: ignore[misc]
        def call_rapid(self, method: str, endpoint: str, *more: Any) -> None:
            super().call_rapid(method, f"/{path}{endpoint}" if path else endpoint, *more)

        def wait_next_invocation(self) -> Any:
            if gc.get_threshold()[0] == LOADING:
                gc.set_threshold(*collector)
            return super().wait_next_invocation()

    return AsHere


def _one_event_a_record(sink: type[Any]) -> type[Any]:
    """Keep the lines of a log record together, as AWS's framed output does: a carriage return joins them."""

    class OneEventARecord(sink):  # type: ignore[misc]
        def log(self, msg: str, frame_type: bytes | None = None) -> None:
            super().log(msg.rstrip("\n").replace("\n", "\r") + "\n", frame_type)

    return OneEventARecord


def _give_runtime_client() -> None:
    where = Path(__file__).with_name("runtime_client.py")
    spec = importlib.util.spec_from_file_location("runtime_client", where)
    assert spec is not None  # noqa: S101  # a .py file always has one
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules["runtime_client"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    main(sys.argv[1:])
