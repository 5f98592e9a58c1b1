"""The components of one sandbox, and which of them is given which other."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from lambda_over_https.sandbox.client.faults import FAULTS
from lambda_over_https.sandbox.control import moto_setup, moto_triggers
from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.control_plane import ControlPlane
from lambda_over_https.sandbox.control.thread import ControlThread
from lambda_over_https.sandbox.dispatcher import Dispatcher
from lambda_over_https.sandbox.firewall.layer import FirewallLayer
from lambda_over_https.sandbox.gateway.gates.admission import Admission
from lambda_over_https.sandbox.gateway.gates.cache import ResponseCache
from lambda_over_https.sandbox.gateway.integrations.endpoints.client import HttpClient
from lambda_over_https.sandbox.gateway.service import Gateway
from lambda_over_https.sandbox.iam.authorization import Authorization
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys, KeyPair
from lambda_over_https.sandbox.iam.callers.authentication import Authentication
from lambda_over_https.sandbox.iam.policies.resource_policy import service_may_invoke
from lambda_over_https.sandbox.iam.security_tokens import SecurityTokens
from lambda_over_https.sandbox.lambda_.functions import Functions
from lambda_over_https.sandbox.lambda_.triggers.event_sources import EventSources
from lambda_over_https.sandbox.lambda_.triggers.function_urls import FunctionUrls
from lambda_over_https.sandbox.layers.faults import Faults
from lambda_over_https.sandbox.layers.firewall_timing import FirewallTiming
from lambda_over_https.sandbox.layers.log_limit import LogLimit
from lambda_over_https.sandbox.layers.log_writer import LogWriter
from lambda_over_https.sandbox.layers.scheduler_timing import SchedulerTiming
from lambda_over_https.sandbox.layers.stage_timing import StageTiming
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.layers.usage_reports import UsageReports
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.model.usage import Usage
from lambda_over_https.sandbox.schedule.scheduling import Scheduling
from lambda_over_https.sandbox.state.account_state import AccountState
from lambda_over_https.sandbox.state.package_urls import PackageUrls
from lambda_over_https.sandbox.state.packages import Packages, Unpacking
from lambda_over_https.sandbox.state.provisioning import Provisioning
from lambda_over_https.sandbox.state.sync import StateSync
from lambda_over_https.sandbox.strict.dynamodb.capacity.consumed import ConsumedCapacity
from lambda_over_https.sandbox.strict.dynamodb.legacy.parameters import LegacyParameters
from lambda_over_https.sandbox.strict.layer import Strict
from lambda_over_https.sandbox.strict.logs import searches
from lambda_over_https.sandbox.strict.openapi.imports import OpenApiImports
from lambda_over_https.sandbox.warming import first_calls
from lambda_over_https.sandbox.web.certificates import CA_BUNDLE, trusting
from lambda_over_https.sandbox.web.http import LOOPBACK, Handler, Request, Response, json_response

WATCH_SECONDS = 10.0
"""How long who watches requests is kept waiting for one."""

FOLDERS = ("code", "faults", "workers")


def clear_folders(home: Path) -> None:
    """Remove the folders that the components have made in ``home``: mostly users' code."""
    for name in FOLDERS:
        shutil.rmtree(home / name, ignore_errors=True)


class Components:
    """All components of one sandbox.

    ``home`` is its private folder, ``port`` the port that serves plain HTTP. ``timing_factor`` says how much
    of AWS's waiting is wanted: 0 for none, 1 for as much as on AWS. ``operator`` are the keys of
    whoever may do anything. ``https_url`` is where HTTPS is served.
    """

    def __init__(
        self, home: Path, port: int, operator: KeyPair, timing_factor: float = 0, https_url: str = ""
    ) -> None:
        classes = moto_setup.load()
        self._thread = ControlThread()
        self._access_keys, self._timing = AccessKeys(operator), Timing(timing_factor)
        self._authentication, self._faults = Authentication(self._access_keys), Faults(home)
        limit = LogLimit()
        logs = LogWriter(self._thread.submit, limit)
        packages = Packages(home / "code")
        self._state = AccountState(packages, self._access_keys, self._timing, self._faults, logs)
        self._authorization = Authorization(self._access_keys, self._faults.check_token)
        self._functions = Functions(self._state, f"http://{LOOPBACK}:{port}", home / "workers")
        self._urls = FunctionUrls(self._state, self._functions, self._authentication)
        self._sources = EventSources(self._state, self._functions)
        self._loop = loop = asyncio.get_running_loop()
        invoke_later = self._functions.invoke_later
        moto_triggers.hand_over(
            self._sources.add,
            lambda *invocation: loop.call_soon_threadsafe(invoke_later, *invocation),
            searches.matches,
            self._fire_rule,
        )
        self._scheduling = Scheduling(self._state, self._functions.invoke_later, self._thread.submit)
        firewall, usage = FirewallLayer(), Usage()
        within = [ConsumedCapacity(), Unpacking(packages), limit, firewall, UsageReports(usage)]
        follow = Provisioning(lambda: loop.call_soon_threadsafe(self._functions.provision))
        self._package_urls = PackageUrls(f"http://{LOOPBACK}:{port}", self._state.package)
        sync = [self._package_urls, follow, StateSync(self._state), self._scheduling]
        timing = [each(self._timing) for each in (SchedulerTiming, StageTiming, FirewallTiming)]
        around = [logs, self._authorization, self._faults, self._timing, *timing, *sync]
        layers = [
            *around,
            OpenApiImports(),
            LegacyParameters(),
            Strict(https_url, packages.unpack, self._functions.allocated),
            SecurityTokens(self._access_keys),
            *within,
        ]
        self._control = ControlPlane(self._thread, self._authentication.scope, classes, layers)
        cache = ResponseCache(self._authentication.may_renew_cache)
        admission = Admission(usage=usage)
        endpoints = HttpClient(partial(trusting, home / CA_BUNDLE))
        self._gateway = Gateway(
            self._state, self._invoke, admission, cache, firewall, invoke_later, endpoints
        )

    def dispatcher(self, endpoints: Mapping[str, Handler], secret: str) -> Dispatcher:
        """The dispatcher to all of them; ``endpoints`` are those of the process itself, by path.

        The sandbox's own endpoints ask for the ``secret``.
        """
        own = {
            "/_sandbox/faults": self._serve_faults,
            "/_sandbox/schedules": self._serve_schedules,
            "/_sandbox/requests": self._serve_requests,
        }
        return Dispatcher(
            self._serve_call,
            self._functions,
            self._gateway,
            self._urls,
            self._authentication,
            self._admit,
            self._package_urls.handle,
            {**endpoints, **own},
            secret,
        )

    async def _serve_call(self, request: Request) -> Response:
        self._gateway.watch.called(request)
        return await self._control.handle(request)

    async def warm_up(self) -> None:
        """Load what the first call of each service would otherwise wait for."""
        await self._control.warm_up(first_calls())

    async def close(self) -> None:
        """End the functions' workers and the control thread."""
        self._gateway.close()
        self._scheduling.close()
        await self._sources.close()
        await self._functions.close()
        self._thread.close()

    def switch(self, fault: str, *, on: bool) -> None:
        """Switch a fault before anything is served. AwsError if there is no fault of that name."""
        self._faults.switch(fault, on=on)

    def _fire_rule(self, region: str, rule_arn: str, function_arn: str, payload: bytes) -> None:
        """Send a rule's event to a function that lets EventBridge in; else nothing happens, as on AWS."""
        statements = self._state.function_policy(function_arn)
        if service_may_invoke("events.amazonaws.com", statements, function_arn, rule_arn, ACCOUNT):
            self._loop.call_soon_threadsafe(self._functions.invoke_later, region, function_arn, payload)

    def _admit(self, call: AwsCall) -> None:
        self._authorization.before(call)
        self._timing.before(call)

    async def _invoke(
        self, function_arn: str, payload: bytes, region: str, trace_root: str
    ) -> InvocationResult:
        self._timing.check_ready(region, function_arn, update=False)
        function = self._state.function(region, function_arn)
        return await self._functions.invoke(function, payload, trace_root=trace_root)

    async def _serve_faults(self, request: Request) -> Response:
        """GET lists the faults; POST ``{"name", "on"}`` switches one."""
        if request.method == "POST":
            name, on = _members(request, "name", "on")
            await self._thread.run(lambda: self._faults.switch(name, on=bool(on)))
        listed = [{**asdict(fault), "on": self._faults.is_on(fault.name)} for fault in FAULTS]
        return json_response(200, {"faults": listed})

    async def _serve_schedules(self, request: Request) -> Response:
        """GET lists rules by schedule and schedules; POST ``{"name"}`` fires one now."""
        if request.method == "POST":
            (name,) = _members(request, "name")
            return json_response(200, {"fired": self._scheduling.fire_now(str(name))})
        return json_response(200, {"schedules": self._scheduling.listed()})

    async def _serve_requests(self, request: Request) -> Response:
        """GET answers the number of the last note on a request; ``?after=N`` those since then, or waits."""
        after = dict(parse_qsl(request.query)).get("after", "")
        last, notes = await self._gateway.watch.after(
            int(after) if after.isdecimal() else None, WATCH_SECONDS
        )
        return json_response(200, {"last": last, "requests": notes})


def _members(request: Request, *names: str) -> list[Any]:
    """The values of these members of the JSON document in the request's body; AwsError if one is missing."""
    try:
        document = json.loads(request.body)
        return [document[name] for name in names]
    except (ValueError, KeyError, TypeError):
        message = f"The request's body must be a JSON document with {' and '.join(names)}"
        raise AwsError("BadRequest", message) from None
