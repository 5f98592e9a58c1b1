"""What can be wrong with a deployment: each part as its own step sees it, and what no step looks at."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import cached_property, partial
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.aws.quotas import REQUESTS_A_SECOND
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Probe, Remark, Wrong
from lambda_over_https.engine import acts
from lambda_over_https.hints import command
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.checks import Check, Operation, checks_by
from lambda_over_https.tutorial.own_handler import operations_for
from lambda_over_https.tutorial.parts.part import Part, Standing
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.role.trust import judge_trust
from lambda_over_https.tutorial.ways import WAYS

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


class After:
    """The examination of one deployment."""

    def __init__(self, stack: Stack, steps: Sequence[Step], today: date) -> None:
        self._stack = stack
        self._steps = steps
        self._run = command("loh run")
        self._today = today

    def probes(self) -> Iterator[Probe]:
        """Every probe, causes before what follows from them."""
        names: list[str] = []
        for probe in (*self._special_first(), *self._parts(), *self._special()):
            names.append(probe.name)
            yield probe
        if self._stack.record(Kind.STAGE) and self._stack.record(Kind.PERMISSION):
            for name in WAYS:
                yield Probe(f"answer via {name}", partial(self._answer, name), frozenset(names))

    # --- what the steps look at ---

    def _parts(self) -> Iterator[Probe]:
        for step in self._steps:
            for part in step.parts(self._stack):
                name = part.name(self._stack)
                if part.local or self._stack.record(part.kind, name) is None:
                    continue
                needs = {*part.rests_on, *_MORE_NEEDS.get(part.kind, ())}
                yield Probe(_title(part, name), partial(self._part, part), self._named(needs))

    def _named(self, kinds: set[str]) -> frozenset[str]:
        """The names of the checks of these kinds."""
        parts = [part for step in self._steps for part in step.parts(self._stack)]
        return frozenset(
            {_title(part, part.name(self._stack)) for part in parts if part.kind in kinds} | kinds
        )

    def _part(self, part: Part) -> str:
        seen = acts.look(part, self._stack)
        if seen.standing is Standing.OURS:
            return "as it should be"
        if seen.standing is Standing.FOREIGN:
            raise Wrong(f"{seen.reason}, and it is not this deployment's", command("loh run --name ANOTHER"))
        after = part.deployed_with == Kind.STAGE and self._stage_is_as_recorded()
        what = "it is missing" if seen.standing is Standing.ABSENT else seen.reason
        raise Wrong(f"{what} (after the last deployment)" if after else what, self._run)

    def _stage_is_as_recorded(self) -> bool:
        """Whether the stage serves the deployment that we made: nobody has deployed a later change."""
        record, apigateway = self._stack.record(Kind.STAGE), self._stack.cloud.apigateway
        if record is None:
            return False
        with explained():
            try:
                stage = apigateway.get_stage(restApiId=self._stack.id_of(Kind.REST_API), stageName=STAGE)
            except apigateway.exceptions.NotFoundException:
                return False
        return bool(stage["deploymentId"] == record.detail.get("deployment_id"))

    # --- what no step looks at ---

    def _special_first(self) -> Iterator[Probe]:
        if self._stack.record(Kind.FUNCTION):
            yield Probe("runtime", self._runtime)
        if self._stack.record(Kind.ROLE):
            yield Probe("the role's identity", self._role)

    def _special(self) -> Iterator[Probe]:
        if self._stack.choices.role_arn:
            yield Probe("trust", self._trust, self._named({Kind.ROLE}))
        if self._stack.record(Kind.FUNCTION):
            yield Probe("concurrency", self._concurrency, self._named({Kind.FUNCTION}))
        if self._stack.record(Kind.REST_API):
            yield Probe("endpoint", self._endpoint, self._named({Kind.REST_API}))
        if self._stack.record(Kind.STAGE):
            yield Probe("throttle", self._throttle, self._named({Kind.STAGE}))

    def _function(self) -> Any:
        lambda_ = self._stack.cloud.lambda_
        with explained():
            try:
                return lambda_.get_function(FunctionName=self._stack.names.function)
            except lambda_.exceptions.ResourceNotFoundException:
                return {"Configuration": {}}

    def _runtime(self) -> str:
        runtime = self._function()["Configuration"].get("Runtime", "")
        ends = DEPRECATED.get(runtime)
        if ends and ends <= self._today:
            raise Wrong(f"{runtime} is deprecated since {ends}: AWS does not fix it any more", self._run)
        return f"{runtime}, supported until {ends}" if ends else runtime

    def _role(self) -> str:
        """A function keeps the id of the role it was given; one created anew of the same name is another."""
        record = self._stack.record(Kind.ROLE, self._stack.role_arn.rpartition("/")[2])
        live = self._live_role()
        if record and live and record.id != live["RoleId"] and self._stack.record(Kind.FUNCTION):
            raise Wrong("it was created again, and Lambda still knows the old one", self._run)
        return "the one that the function was given"

    def _trust(self) -> str:
        """Of a lent role, which no step may correct."""
        live = self._live_role()
        standing, reason, _ = judge_trust(live["AssumeRolePolicyDocument"]) if live else (None, "", ())
        if standing is Standing.PARTIAL:
            command = f"aws iam update-assume-role-policy --role-name {live['RoleName']}"
            trust = shlex.quote(json.dumps(trust_policy()))
            raise Wrong(reason, f"{command} --policy-document {trust}")
        return "Lambda may assume the role"

    def _live_role(self) -> Any:
        iam = self._stack.cloud.iam
        with explained():
            try:
                return iam.get_role(RoleName=self._stack.role_arn.rpartition("/")[2])["Role"]
            except iam.exceptions.NoSuchEntityException:
                return None

    def _concurrency(self) -> str:
        reserved = self._function().get("Concurrency", {}).get("ReservedConcurrentExecutions")
        if reserved == 0:
            name = self._stack.names.function
            raise Wrong(
                "the function's reserved concurrency is 0: it never runs",
                f"aws lambda delete-function-concurrency --function-name {name}",
            )
        return "not limited" if reserved is None else f"{reserved} reserved"

    def _endpoint(self) -> str:
        api_id = self._stack.id_of(Kind.REST_API)
        with explained():
            api = self._stack.cloud.apigateway.get_rest_api(restApiId=api_id)
        if api.get("disableExecuteApiEndpoint"):
            raise Wrong(
                "the API's own endpoint is disabled: every request gets 403",
                f"aws apigateway update-rest-api --rest-api-id {api_id} --patch-operations"
                " op=replace,path=/disableExecuteApiEndpoint,value=false",
            )
        return "enabled"

    def _throttle(self) -> str:
        remarks = []
        api_id = self._stack.id_of(Kind.REST_API)
        with explained():
            stage = self._stack.cloud.apigateway.get_stage(restApiId=api_id, stageName=STAGE)
        for path, settings in stage.get("methodSettings", {}).items():
            if 0 in (settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")):
                resource, _, verb = path.rpartition("/")
                where = f"{resource.replace('/', '~1')}/{verb}"
                raise Wrong(
                    f"stage {STAGE} throttles {_method(path)} to nothing: every request gets 429",
                    f"aws apigateway update-stage --rest-api-id {api_id} --stage-name {STAGE}"
                    f" --patch-operations op=replace,path=/{where}/throttling/rateLimit,value=10000"
                    f" op=replace,path=/{where}/throttling/burstLimit,value=5000",
                )
            if "throttlingRateLimit" in settings and settings["throttlingRateLimit"] < REQUESTS_A_SECOND:
                rate, burst = settings["throttlingRateLimit"], settings.get("throttlingBurstLimit")
                with_burst = "" if burst is None else f", burst {burst}"
                remarks.append(f"{_method(path)} is limited to {rate:g} requests a second{with_burst}")
        return Remark("; ".join(remarks)) if remarks else "not limited by the stage"

    # --- whether it works ---

    @cached_property
    def _operations(self) -> Sequence[Operation]:
        """What the function is tested with: a handler of the user's own need not do everything."""
        return operations_for(self._stack)

    def _answer(self, name: str) -> str:
        """What ``verify`` tests, by one way in, up to the first that fails: each may take its time limit."""
        with explained(), closing(checks_by(self._stack, name, self._operations)) as checks:
            for check in checks:
                if not check.ok:
                    raise Wrong(f"{check.name}: {check.detail}", self._fix_for(check))
        return f"all {len(self._operations)} operations are right"

    def _fix_for(self, failed: Check) -> str:
        if failed.status != 403 or "execute-api:Invoke" not in failed.detail:
            return command("loh logs")
        where = f"--rest-api-id {self._stack.id_of(Kind.REST_API)}"
        return (  # a resource policy keeps callers out until it is gone and that is deployed
            f"aws apigateway update-rest-api {where} --patch-operations op=replace,path=/policy,value="
            f" && aws apigateway create-deployment {where} --stage-name {STAGE}"
        )


# Looked at first because it is the cause of a difference that the function's own step would name.
_MORE_NEEDS: Mapping[str, tuple[str, ...]] = {
    Kind.FUNCTION: ("runtime", "the role's identity"),
    Kind.ROLE: ("the role's identity",),
}


def _method(path: str) -> str:
    """The method that a stage's settings are for, as its path in them says: ``~1`` stands for the ``/``."""
    resource, _, verb = path.rpartition("/")
    return "every method" if resource == "*" and verb == "*" else f"{verb} {resource.replace('~1', '/')}"


def _title(part: Part, name: str) -> str:
    return f"{part.kind} {name}"
