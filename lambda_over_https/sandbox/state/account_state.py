"""The sandbox's state as the data plane reads it; nothing else reads moto's objects for it.

Reads are cheap and happen on the event loop, while moto's own thread may be changing the state: so each
looks at a copy of a dictionary, never at a dictionary in motion. Writes are handed to moto's thread.
"""

import base64
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.control.moto_state import (
    apigateway_backend,
    find_api,
    find_function,
    function_arn,
)
from lambda_over_https.sandbox.iam.access_keys import AccessKeys
from lambda_over_https.sandbox.layers.faults import Faults
from lambda_over_https.sandbox.layers.log_writer import LogWriter
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.model.apis import DeployedStage, RestApi, UsagePlan
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials, Function
from lambda_over_https.sandbox.state import snapshots


class AccountState:
    """Functions, roles, log groups and deployed APIs. ``workdir`` takes the functions' unpacked code."""

    def __init__(
        self,
        workdir: Path,
        access_keys: AccessKeys,
        timing: Timing,
        faults: Faults,
        logs: LogWriter,
    ) -> None:
        self._code = workdir / "code"
        self._access_keys = access_keys
        self._timing = timing
        self._faults = faults
        self._logs = logs
        self._functions: dict[tuple[str, str, str | None], Function] = {}
        self._deployments: dict[str, RestApi] = {}
        self._stages: dict[tuple[str, str], DeployedStage | None] = {}
        self._serving: dict[tuple[str, str], str] = {}

    # Lambda

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """The function as GetFunction tells it; AwsError ResourceNotFoundException if there is none."""
        functions, key = self._functions, (region, name_or_arn, qualifier)  # once: see deployed()
        if key not in functions:
            functions[key] = self._read_function(region, name_or_arn, qualifier)
        return self._faults.apply_to(functions[key])

    def _read_function(self, region: str, name_or_arn: str, qualifier: str | None) -> Function:
        found = find_function(region, name_or_arn, qualifier)
        if found is None:
            arn = name_or_arn if name_or_arn.startswith("arn:") else function_arn(region, name_or_arn)
            suffix = f":{qualifier}" if qualifier and not arn.endswith(f":{qualifier}") else ""
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}{suffix}", 404)
        # Concurrency is the function's, and its versions are copies made at an earlier time.
        latest = found if found.version == "$LATEST" else find_function(region, found.function_name)
        return self._function(region, found, latest.reserved_concurrency)

    def _function(self, region: str, found: Any, reserved_concurrency: int | None) -> Function:
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
            code=self.unpack(found),
            revision=getattr(found, "revision_id", ""),  # none while it is being created
            region=region,
            reserved_concurrency=reserved_concurrency,
        )

    def unpack(self, function: Any) -> Path:
        """The folder with the function's package, unpacked at first need, one per content."""
        folder = self._code / base64.b64decode(function.code_sha_256).hex()
        if not folder.is_dir():
            private_folder(self._code)
            draft = Path(tempfile.mkdtemp(dir=self._code))
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as package:
                package.extractall(draft)
            try:
                draft.rename(folder)
            except OSError:  # the other thread was quicker
                shutil.rmtree(draft)
        return folder

    def function_policy(self, function_arn: str) -> list[dict[str, Any]]:
        """The statements of the function's resource policy; none if there is no function."""
        function = find_function(function_arn.split(":")[3], function_arn)
        return [
            statement
            for statement in (list(function.policy.statements) if function else [])
            if not self._timing.under_way("permission", function.function_arn, statement.get("Sid"))
        ]

    # IAM and STS

    def role_credentials(self, role_arn: str, session: str = "sandbox") -> Credentials:
        """Fresh keys of the role for the session named (the function's name, as on AWS).

        AwsError AccessDeniedException if there is no such role any more.
        """
        return self._access_keys.assume_role(role_arn, session)

    # CloudWatch Logs

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append ``events`` (epoch milliseconds, text) to the stream, before anybody can look."""
        self._logs.add((region, group, stream), events)

    # API Gateway

    def rest_api(self, region: str, api_id: str) -> RestApi | None:
        """The API as it is defined now, deployed or not."""
        api = apigateway_backend(region).apis.get(api_id)
        return snapshots.rest_api(api) if api else None

    def deployed(self, api_id: str, stage: str) -> DeployedStage | None:
        """What the stage serves: the API as it was deployed, with the stage's settings of now."""
        # Read once: refresh() puts another dictionary in its place, and what was read before that must not
        # be remembered after it.
        stages, key = self._stages, (api_id, stage)
        if key in stages:
            return stages[key]
        found, settled = self._deployed(api_id, stage)
        if settled:
            stages[key] = found
        return found

    def _deployed(self, api_id: str, name: str) -> tuple[DeployedStage | None, bool]:
        """The stage as it is served now, and whether that is settled, or a deployment still under way."""
        api = find_api(api_id)
        stage = api.stages.get(name) if api else None
        if stage is None:
            self._serving.pop((api_id, name), None)
            return None, True
        settled = not self._timing.under_way("deployment", stage.deployment_id)
        if settled:
            self._serving[api_id, name] = stage.deployment_id
        snapshot = self._deployments.get(f"{api_id}/{self._serving.get((api_id, name))}")
        if snapshot is None:
            return None, settled
        plans = _usage_plans(snapshot.region, api_id, name)
        return snapshots.deployed_stage(stage, snapshot, plans), settled

    def deploy(self, region: str, api_id: str, deployment_id: str) -> None:
        """Freeze the API's definition for the deployment; moto's thread calls this at CreateDeployment."""
        snapshot = self.rest_api(region, api_id)
        if snapshot is not None:
            self._deployments[f"{api_id}/{deployment_id}"] = snapshot
            self._timing.begin("deployment", deployment_id)

    def refresh(self) -> None:
        """Forget what was read of stages and functions; to be called after each call that may change one."""
        self._stages, self._functions = {}, {}

    def forget_api(self, api_id: str) -> None:
        """Let go of the snapshots of an API that is gone."""
        for key in [key for key in self._deployments if key.startswith(f"{api_id}/")]:
            del self._deployments[key]


def _usage_plans(region: str, api_id: str, stage: str) -> tuple[UsagePlan, ...]:
    backend = apigateway_backend(region)
    found = []
    for plan in list(backend.usage_plans.values()):
        key_ids = list(backend.usage_plan_keys.get(plan.id, {}))
        keys = [backend.keys[key_id] for key_id in key_ids if key_id in backend.keys]
        found.append(snapshots.usage_plan(plan, keys, api_id, stage))
    return tuple(plan for plan in found if plan is not None)
