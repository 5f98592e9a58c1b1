"""The APIs that stages serve: each as it was deployed, with its stage's present settings.

Reads are cheap. They run on the event loop while moto's thread may be changing the state, so each reads a
copy of a dictionary.
"""

from typing import Any

from lambda_over_https.sandbox.control.moto_state import apigateway_backend, find_api
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.model.apis import DeployedStage, RestApi, UsagePlan
from lambda_over_https.sandbox.state import snapshots


class Deployments:
    """The deployed APIs. ``timing`` tells which changes are still under way."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._deployments: dict[str, RestApi] = {}
        self._stages: dict[tuple[str, str], DeployedStage | None] = {}
        self._serving: dict[tuple[str, str], str] = {}

    def rest_api(self, region: str, api_id: str) -> RestApi | None:
        """The API as it is defined now, deployed or not."""
        api = apigateway_backend(region).apis.get(api_id)
        return snapshots.rest_api(api) if api else None

    def deployed(self, api_id: str, stage: str) -> DeployedStage | None:
        """What the stage serves: the API as it was deployed, with the stage's present settings."""
        # Read the attribute once: refresh() replaces the dictionary, and what was read before that must not
        # be remembered after it.
        stages, key = self._stages, (api_id, stage)
        if key in stages:
            return stages[key]
        found, final = self._deployed(api_id, stage)
        if final:
            stages[key] = found
        return found

    def _deployed(self, api_id: str, name: str) -> tuple[DeployedStage | None, bool]:
        """What the stage serves now, and whether that is final: False while a change is under way."""
        api = find_api(api_id)
        stage = api.stages.get(name) if api else None
        if stage is None:
            self._serving.pop((api_id, name), None)
            return None, True
        deployed = not self._timing.under_way("deployment", stage.deployment_id)
        if deployed:
            self._serving[api_id, name] = stage.deployment_id
        caching = bool(stage.cache_cluster_enabled)
        cached = caching and not self._timing.under_way("cache_creation", api_id, name)
        final = deployed and cached is caching
        snapshot = self._deployments.get(f"{api_id}/{self._serving.get((api_id, name))}")
        if snapshot is None:
            return None, final
        plans, working = self._usage_plans(snapshot.region, api_id, name)
        cache = getattr(stage, "cache_name", None) if cached else None
        return snapshots.deployed_stage(stage, snapshot, plans, cache), final and working

    def _usage_plans(self, region: str, api_id: str, stage: str) -> tuple[tuple[UsagePlan, ...], bool]:
        """The plans that cover the stage, with the keys that work now, and whether those are all."""
        backend, found, all_work = apigateway_backend(region), [], True
        for plan in list(backend.usage_plans.values()):
            ids = [key for key in list(backend.usage_plan_keys.get(plan.id, {})) if key in backend.keys]
            working = [key for key in ids if not self._timing.under_way("plan_key", plan.id, key)]
            covering = snapshots.usage_plan(plan, [backend.keys[key] for key in working], api_id, stage)
            if covering is not None:
                found.append(covering)
                all_work = all_work and working == ids
        return tuple(found), all_work

    def deploy(self, region: str, api_id: str, deployment_id: str) -> None:
        """Take a snapshot of the API for the deployment. moto's thread calls this at CreateDeployment."""
        snapshot = self.rest_api(region, api_id)
        if snapshot is not None:
            self._deployments[f"{api_id}/{deployment_id}"] = snapshot
            self._timing.begin("deployment", deployment_id)

    def summary(self, api_id: str, deployment_id: str) -> dict[str, Any]:
        """The methods that a deployment serves, by path and verb, as GetDeployment embeds them."""
        snapshot = self._deployments.get(f"{api_id}/{deployment_id}")
        resources = snapshot.resources.values() if snapshot else ()
        return {
            resource.path: {
                verb: {
                    "authorizationType": method.authorization_type,
                    "apiKeyRequired": method.api_key_required,
                }
                for verb, method in resource.methods.items()
            }
            for resource in resources
            if resource.methods
        }

    def refresh(self) -> None:
        """Forget the stages read so far. Runs after each call that may change one."""
        self._stages = {}

    def forget_api(self, api_id: str) -> None:
        """Drop the snapshots of an API that was deleted."""
        for key in [key for key in self._deployments if key.startswith(f"{api_id}/")]:
            del self._deployments[key]
