"""What no step looks at in the function: how old its runtime is, whether it may run, and where it logs."""

from datetime import date
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Wrong
from lambda_over_https.hints import command

DEPRECATED = {
    "nodejs16.x": date(2024, 6, 12),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs20.x": date(2026, 4, 30),
    "nodejs22.x": date(2027, 4, 30),
    "nodejs24.x": date(2028, 4, 30),
    "python3.8": date(2024, 10, 14),
    "python3.9": date(2025, 12, 15),
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}
"""When AWS stops supporting a runtime (Lambda developer guide, "Lambda runtimes")."""


def runtime(stack: Stack, today: date) -> str:
    """Which runtime it has, and until when AWS supports that; Wrong from that day on."""
    used = _function(stack)["Configuration"].get("Runtime", "")
    ends = DEPRECATED.get(used)
    if ends and ends <= today:
        raise Wrong(f"{used} is deprecated since {ends}: AWS does not fix it any more", command("loh run"))
    return f"{used}, supported until {ends}" if ends else used


def concurrency(stack: Stack) -> str:
    """Its reserved concurrency; Wrong if that is 0."""
    reserved = _function(stack).get("Concurrency", {}).get("ReservedConcurrentExecutions")
    if reserved == 0:
        name = stack.names.function
        raise Wrong(
            "the function's reserved concurrency is 0: it never runs",
            f"aws lambda delete-function-concurrency --function-name {name}",
        )
    return "not limited" if reserved is None else f"{reserved} reserved"


def log_group(stack: Stack) -> str:
    """Where it writes its lines; Wrong if that is not our log group."""
    ours = stack.names.log_group
    given = _function(stack)["Configuration"].get("LoggingConfig", {}).get("LogGroup", ours)
    if given != ours:
        logs = command("loh logs")
        raise Wrong(
            f"somebody gave the function the log group {given}: its lines go there if its role lets it, and"
            f" `{logs}` does not show them",
            f"aws lambda update-function-configuration --function-name {stack.names.function}"
            f" --logging-config LogGroup={ours}",
        )
    return ours


def _function(stack: Stack) -> Any:
    lambda_ = stack.cloud.lambda_
    with explained():
        try:
            return lambda_.get_function(FunctionName=stack.names.function)
        except lambda_.exceptions.ResourceNotFoundException:
            return {"Configuration": {}}
