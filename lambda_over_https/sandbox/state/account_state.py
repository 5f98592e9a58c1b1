"""The account's state as the data plane reads it: no other package reads moto's objects for the data plane.

Reads are cheap. They run on the event loop while moto's thread may be changing the state, so each reads a
copy of a dictionary. Writes are handed to moto's thread.
"""

import base64
import contextlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_over_https.sandbox.control.functions.layer_versions import attached, layers_of
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    alias_weights,
    find_url,
    logging_of,
    provisioned_versions,
    settings_of,
    split_name,
    statements_of,
)
from lambda_over_https.sandbox.control.moto_state import (
    find_function,
    function_arn,
    lambda_backend,
    lambda_regions,
)
from lambda_over_https.sandbox.control.moto_triggers import batch_size
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.resource_policy import decide_for_anybody
from lambda_over_https.sandbox.layers.faults import Faults
from lambda_over_https.sandbox.layers.log_writer import LogWriter
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import (
    Credentials,
    EventSettings,
    Function,
    FunctionUrl,
    Logging,
)
from lambda_over_https.sandbox.state.deployments import Deployments
from lambda_over_https.sandbox.state.packages import Packages, layers_digest


class AccountState(Deployments):
    """Functions, roles, log groups and deployed APIs. ``packages`` hold the functions' unpacked code."""

    def __init__(
        self,
        packages: Packages,
        access_keys: AccessKeys,
        timing: Timing,
        faults: Faults,
        logs: LogWriter,
    ) -> None:
        super().__init__(timing)
        self._packages = packages
        self._access_keys = access_keys
        self._faults = faults
        self._logs = logs
        self._functions: dict[tuple[str, str, str | None], Sequence[tuple[float, Function]]] = {}

    # Lambda

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """The function as GetFunction describes it; AwsError ResourceNotFoundException if there is none."""
        functions, key = self._functions, (region, name_or_arn, qualifier)  # read once, as in deployed()
        if key not in functions:
            functions[key] = self._read_function(region, name_or_arn, qualifier)
        choices = functions[key]
        chosen = choices[0][1] if len(choices) == 1 else _drawn(choices)
        return self._faults.apply_to(chosen)

    def _read_function(
        self, region: str, name_or_arn: str, qualifier: str | None
    ) -> list[tuple[float, Function]]:
        """The function, or the versions between which an alias divides its invocations, with weights."""
        name, named = split_name(name_or_arn, qualifier)
        whole = self._read_one(region, name_or_arn, qualifier)
        if named is None:
            return [(1, whole)]
        arn = f"{function_arn(region, name)}:{named}"
        weights = alias_weights(region, name, named)
        rest = 1 - sum(weights.values())
        others = [(weight, self._read_one(region, name, version)) for version, weight in weights.items()]
        return [(weight, replace(each, invoked_arn=arn)) for weight, each in ((rest, whole), *others)]

    def _read_one(self, region: str, name_or_arn: str, qualifier: str | None) -> Function:
        found = find_function(region, name_or_arn, qualifier)
        if found is None:
            arn = name_or_arn if name_or_arn.startswith("arn:") else function_arn(region, name_or_arn)
            suffix = f":{qualifier}" if qualifier and not arn.endswith(f":{qualifier}") else ""
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}{suffix}", 404)
        # Some settings belong to the function; its versions are copies of an earlier state of it.
        latest = found if found.version == "$LATEST" else find_function(region, found.function_name)
        return self._function(region, found, latest)

    def _function(self, region: str, found: Any, latest: Any) -> Function:
        return Function(
            arn=found.function_arn,
            name=found.function_name,
            version=str(found.version),
            runtime=found.run_time or "",
            handler=found.handler or "",
            role=found.role,
            timeout=int(found.timeout),
            memory_size=int(found.memory_size),
            environment=dict(found.environment_vars or {}),
            code=self._packages.unpack(found.code_bytes, _digest(found)),
            revision=getattr(found, "revision_id", ""),  # a function has none while it is being created
            region=region,
            reserved_concurrency=latest.reserved_concurrency,
            layers=self._packages.unpack_layers(attached(found)),
            logging=_logging(found),
            may_recurse=settings_of(latest).recursive_loop == "Allow",
            provisioned=provisioned_versions(latest).get(str(found.version), 0),
        )

    def provisioned(self) -> list[Function]:
        """The versions of functions of which workers are kept ready."""
        found = []
        for backend in lambda_regions():
            for each in list(backend.list_functions()):
                for version in provisioned_versions(each):
                    with contextlib.suppress(AwsError):  # it may be deleted at this moment
                        found.append(self.function(each.region, each.function_name, version))
        return found

    def collect(self, used: Iterable[Path]) -> None:
        """Remove code that neither a function needs nor a worker, whose folders are those ``used``."""
        functions = [each for backend in lambda_regions() for each in list(backend.list_functions("ALL"))]
        layers = [layers_digest(attached(function)) for function in functions]
        self._packages.collect([*(each.name for each in used), *map(_digest, functions), *layers])

    def package(self, digest: str) -> bytes | None:
        """The zip file of a function or layer with this SHA-256, in hexadecimal; None if there is none."""
        for backend in lambda_regions():
            for function in list(backend.list_functions("ALL")):
                if _digest(function) == digest:
                    content: bytes = function.code_bytes
                    return content
            for layer in list(layers_of(backend.region_name).values()):
                for version in list(layer.versions.values()):
                    if version.digest == digest:
                        return version.content
        return None

    def function_policy(self, function_arn: str) -> list[dict[str, Any]]:
        """The statements of the policy of the function, version or alias; none if it is not there."""
        name, qualifier = split_name(function_arn)
        function = find_function(function_arn.split(":")[3], name)
        return [
            statement
            for statement in (list(statements_of(function, qualifier or LATEST)) if function else [])
            if not self._timing.under_way("permission", function.function_arn, statement.get("Sid"))
        ]

    def function_url(self, url_id: str) -> FunctionUrl | None:
        """The function URL of that id; None if there is none."""
        found = find_url(url_id)
        if found is None:
            return None
        region, arn, kind = found
        context = {"lambda:functionurlauthtype": kind, "lambda:invokedviafunctionurl": "true"}
        asked = AccessRequest("lambda:InvokeFunctionUrl", [arn], context)
        policy = self.function_policy(arn)
        anybody = decide_for_anybody({"Statement": policy}, asked) == "allowed"
        return FunctionUrl(region, arn, anybody and kind == "NONE", signed=kind == "AWS_IAM", policy=policy)

    def event_settings(self, region: str, name: str, qualifier: str | None) -> EventSettings:
        """What becomes of asynchronous events of the function, version or alias."""
        plain, named = split_name(name, qualifier)
        function = find_function(region, plain)
        found = settings_of(function).events.get(named or LATEST, {}) if function else {}
        destinations, defaults = found.get("DestinationConfig", {}), EventSettings()
        return EventSettings(
            found.get("MaximumRetryAttempts", defaults.retries),
            found.get("MaximumEventAgeInSeconds", defaults.longest_age),
            destinations.get("OnSuccess", {}).get("Destination"),
            destinations.get("OnFailure", {}).get("Destination"),
        )

    def batch_size(self, source: tuple[str, str, str]) -> int:
        """The batch size of the event source mapping; 0 if it is gone or disabled."""
        return batch_size(lambda_backend(source[0]), *source[1:])

    # IAM and STS

    def role_credentials(self, role_arn: str, function_arn: str) -> Credentials:
        """New keys of the role, for the function; AwsError if Lambda may not have them."""
        return self._access_keys.assume_role(role_arn, function_arn)

    # CloudWatch Logs

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append ``events`` (epoch milliseconds, text) to the stream before any caller can look."""
        self._logs.add((region, group, stream), events)

    def refresh(self) -> None:
        """Forget the stages and functions read so far. Runs after each call that may change one."""
        super().refresh()
        self._functions = {}


def _drawn(choices: Sequence[tuple[float, Function]]) -> Function:
    return random.choices([each for _, each in choices], [weight for weight, _ in choices])[0]  # noqa: S311


def _logging(function: Any) -> Logging:
    settings = logging_of(function)
    return Logging(
        json=settings["LogFormat"] == "JSON",
        application_level=settings.get("ApplicationLogLevel", "INFO"),
        system_level=settings.get("SystemLogLevel", "INFO"),
        group=settings["LogGroup"],
    )


def _digest(function: Any) -> str:
    """The name of the folder with the function's code."""
    return base64.b64decode(function.code_sha_256).hex()
