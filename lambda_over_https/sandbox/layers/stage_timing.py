"""AWS's timing of stages: a cache changes, and a key of a usage plan works, only after a while."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.layers.timing import Timing

_STATES = {
    "cache_creation": "CREATE_IN_PROGRESS",
    "cache_deletion": "DELETE_IN_PROGRESS",
    "cache_flush": "FLUSH_IN_PROGRESS",
}
"""The status of a cache while each kind of change is under way."""

_TELLING = frozenset({"CreateStage", "GetStage", "UpdateStage"})


class StageTiming(Layer):
    """Makes changes of a cache or of a plan's keys take as long as ``timing`` says."""

    services = frozenset({"apigateway"})

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Note the changes that begin, and report the status of those under way."""
        if not self._timing.factor:
            return
        if call.operation == "CreateUsagePlanKey":
            self._timing.begin("plan_key", call.parameters["usagePlanId"], call.parameters["keyId"])
        elif call.operation == "FlushStageCache":
            self._timing.begin("cache_flush", *_stage(call))
        elif call.operation == "CreateDeployment" and call.parameters.get("cacheClusterEnabled"):
            self._timing.begin("cache_creation", *_stage(call))
        elif call.operation in _TELLING:
            self._tell(call, response)
        elif call.operation == "GetStages":
            document = response.document
            for stage in document["item"]:
                self._amend(stage, call.parameters["restApiId"], stage["stageName"])
            response.document = document

    def _tell(self, call: AwsCall, response: AwsResponse) -> None:
        document, stage = response.document, _stage(call)
        begun = {state: kind for kind, state in _STATES.items()}.get(document["cacheClusterStatus"])
        if begun:
            self._timing.begin(begun, *stage)
        self._amend(document, *stage)
        response.document = document

    def _amend(self, document: dict[str, Any], api_id: str, name: str) -> None:
        kinds = ("cache_creation", "cache_flush") if document["cacheClusterEnabled"] else ("cache_deletion",)
        for kind in kinds:
            if self._timing.under_way(kind, api_id, name):
                document["cacheClusterStatus"] = _STATES[kind]


def _stage(call: AwsCall) -> tuple[str, str]:
    return call.parameters["restApiId"], call.parameters["stageName"]
