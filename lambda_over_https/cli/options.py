"""The options that commands share, defined once.

``@with_settings`` gives a command a ``settings`` argument, and its command line the shared options; each can
also be set in the environment as ``LAMBDA_OVER_HTTPS_…``.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from lambda_over_https.cli import completion
from lambda_over_https.errors import UsageError
from lambda_over_https.hints import put_in_force
from lambda_over_https.hosts import host_of, is_aws
from lambda_over_https.settings import AWS, DEFAULT_PATIENCE, ENV_PREFIX, SANDBOX, Settings


def _option(*flags: str, variable: str, help: str, **more: Any) -> Any:  # noqa: A002 - typer's own word
    return typer.Option(*flags, envvar=f"{ENV_PREFIX}{variable}", help=help, show_envvar=False, **more)


WHERE = {
    "name": Annotated[
        str,
        _option(
            "--name",
            variable="NAME",
            help="Name of the deployment; it is put before every resource's name.",
            autocompletion=completion.deployments,
        ),
    ],
    "target": Annotated[
        str, _option("--target", variable="TARGET", help="sandbox (on this machine) or aws (the real AWS).")
    ],
    "profile": Annotated[
        str | None, _option("--profile", variable="PROFILE", help="AWS profile, for --target aws.")
    ],
    "region": Annotated[str | None, _option("--region", variable="REGION", help="AWS Region.")],
    "endpoint_url": Annotated[
        str | None,
        _option("--endpoint-url", variable="ENDPOINT_URL", help="URL of another AWS-compatible endpoint."),
    ],
    "patience": Annotated[
        int,
        _option(
            "--patience",
            variable="PATIENCE",
            help='Seconds to keep trying while AWS answers "not yet" or "too many requests".',
            min=0,
        ),
    ],
}

PLACE = {name: option for name, option in WHERE.items() if name != "name"}

WHAT = {
    "runtime": Annotated[
        str | None, _option("--runtime", variable="RUNTIME", help="python (default) or nodejs.")
    ],
    "role_arn": Annotated[
        str | None,
        _option(
            "--role-arn",
            variable="ROLE_ARN",
            help="Use this existing role instead of creating one; it is never changed or deleted.",
        ),
    ],
    "permissions_boundary": Annotated[
        str | None,
        _option(
            "--permissions-boundary",
            variable="PERMISSIONS_BOUNDARY",
            help="ARN of a managed policy that limits the role that is created; see `loh policy`.",
        ),
    ],
    "source": Annotated[
        Path | None, _option("--source", variable="SOURCE", help="Source file of your own handler.")
    ],
    "tutorial_policy": Annotated[
        bool | None,
        _option(
            "--tutorial-policy/--least-privilege",
            variable="TUTORIAL_POLICY",
            help="The tutorial's wide policy, or (default) one for only this table and log group.",
        ),
    ],
}

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", envvar=f"{ENV_PREFIX}YES", help="Do not ask for confirmation.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file of -o if it exists already.")]
StepNumber = Annotated[
    str,
    typer.Argument(
        metavar="STEP",
        help="A step's number or name, for example 3.2 or resource.",
        autocompletion=completion.steps,
    ),
]

DEFAULTS: dict[str, Any] = {"name": "tutorial", "target": SANDBOX, "patience": DEFAULT_PATIENCE}


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where a deployment is, for a command on an existing one."""
    return _with(command, WHERE)


def with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the options that say where, but not which deployment."""
    return _with(command, PLACE)


def with_choices(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where and what, for a command that creates resources."""
    return _with(command, WHERE | WHAT)


def _with(command: Callable[..., Any], shared: dict[str, Any]) -> Callable[..., Any]:
    @wraps(command)
    def run(**values: Any) -> Any:
        ctx: typer.Context = values.pop("ctx")
        told = {name: values.pop(name) for name in shared}
        sources = {name: _source(ctx, name) for name in told}
        try:
            return command(_settings(told, sources), **values)
        except UsageError as error:
            error.hint += _variables(error, told, sources)
            raise

    kind = inspect.Parameter.KEYWORD_ONLY
    own = [each.replace(kind=kind) for each in list(inspect.signature(command).parameters.values())[1:]]
    extra = [
        inspect.Parameter(name, kind, annotation=annotation, default=DEFAULTS.get(name))
        for name, annotation in shared.items()
    ]
    context = inspect.Parameter("ctx", kind, annotation=typer.Context)
    signature = inspect.Signature([context, *own, *extra])
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in signature.parameters.values()}
    return run


def _settings(told: dict[str, Any], sources: dict[str, str]) -> Settings:
    if told["target"] not in (SANDBOX, AWS):
        raise UsageError(f"There is no target {told['target']!r}.", "Choose --target sandbox or aws.")
    if told["endpoint_url"] and not _is_web_url(told["endpoint_url"]):
        raise UsageError(
            f"{told['endpoint_url']!r} cannot be an endpoint.",
            "An endpoint looks like http://127.0.0.1:4566.",
        )
    if told["endpoint_url"] and told["target"] != AWS and is_aws(host_of(told["endpoint_url"])):
        raise UsageError(
            f"{told['endpoint_url']} is AWS itself.", "Add --target aws if you mean your account there."
        )
    settings = Settings(**told, sources=sources)
    put_in_force(settings.typed)
    return settings


def _is_web_url(text: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number, or beyond 65535
        return False


def _source(ctx: typer.Context, name: str) -> str:
    source = ctx.get_parameter_source(name)
    return {"COMMANDLINE": "flag", "ENVIRONMENT": "environment"}.get(source.name if source else "", "default")


def _variables(error: UsageError, told: dict[str, Any], sources: dict[str, str]) -> str:
    """Which variables set what is wrong: nobody who typed no option would look for it there."""
    meant = [
        f"{ENV_PREFIX}{name.upper()}"
        for name, value in told.items()
        if sources[name] == "environment"
        and (f"--{name.replace('_', '-')}" in error.hint or repr(str(value)) in error.message)
    ]
    return f" {' and '.join(meant)} sets it now." if meant else ""
