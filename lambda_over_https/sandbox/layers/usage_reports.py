"""GetUsage and UpdateUsage, which moto has not: how much of a plan's quota its keys have used."""

import datetime
import time
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.model.apis import Quota
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.usage import Usage

_REMAINING = "/remaining"


class UsageReports(Layer):
    """Answers the two calls from the record that the gateway keeps."""

    services = frozenset({"apigateway"})

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Answer the two calls."""
        del inner
        if call.operation not in ("GetUsage", "UpdateUsage"):
            return None
        plan = apigateway_backend(call.region).usage_plans[call.parameters["usagePlanId"]]
        quota = _quota(plan.quota)
        if call.operation == "UpdateUsage":
            today = datetime.datetime.now(datetime.UTC).date()
            self._grant(call, quota)
            return self._report(call, quota, [call.parameters["keyId"]], today, today)
        keys = [call.parameters["keyId"]] if "keyId" in call.parameters else _keys(call)
        start, end = _date(call, "startDate"), _date(call, "endDate")
        if end < start:
            raise _bad_request("Usage end date must not be before the start date")
        return self._report(call, quota, keys, start, end)

    def _report(
        self, call: AwsCall, quota: Quota | None, keys: list[str], start: datetime.date, end: datetime.date
    ) -> AwsResponse:
        plan_id = call.parameters["usagePlanId"]
        values: dict[str, list[list[int]]] = {}
        if quota is not None:
            for key in keys:
                days = self._usage.by_day((plan_id, key), quota, start, end)
                values[key] = [list(each) for each in days]
        dates = {"startDate": start.isoformat(), "endDate": end.isoformat()}
        return AwsResponse.json(200, {"usagePlanId": plan_id, **dates, "values": values})

    def _grant(self, call: AwsCall, quota: Quota | None) -> None:
        key = (call.parameters["usagePlanId"], call.parameters["keyId"])
        for operation in call.parameters.get("patchOperations") or []:
            path, value = operation.get("path"), operation.get("value") or ""
            if (operation.get("op"), path) != ("replace", _REMAINING):
                raise _bad_request(
                    f"Invalid patch path  '{path}' specified for op '{operation.get('op')}'. "
                    f"Must be one of: [{_REMAINING}]"
                )
            if not (value.isascii() and value.isdecimal() and len(value) <= 10):
                raise _bad_request(f"Invalid remaining usage: {value}")
            if quota is None:
                raise _bad_request("The usage plan has no quota")
            self._usage.grant(key, quota, int(value), time.time())


def _keys(call: AwsCall) -> list[str]:
    return sorted(apigateway_backend(call.region).usage_plan_keys.get(call.parameters["usagePlanId"], {}))


def _quota(members: Mapping[str, Any]) -> Quota | None:
    if not members:
        return None
    return Quota(int(members["limit"]), members["period"], int(members.get("offset") or 0))


def _date(call: AwsCall, member: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(call.parameters[member])
    except ValueError:
        raise _bad_request(f"Invalid {member} specified; its form is YYYY-MM-DD") from None


def _bad_request(message: str) -> AwsError:
    return AwsError("BadRequestException", message)
