"""Keeps what the data plane reads in step with what the control plane changes."""

import re
import uuid

from lambda_over_https.sandbox.control.aws_calls import Call
from lambda_over_https.sandbox.control.layer import Answer, Layer
from lambda_over_https.sandbox.control.moto_state import find_function
from lambda_over_https.sandbox.state.account_state import Backends

_CODE = frozenset({"CreateFunction", "UpdateFunctionCode"})
_REVISING = _CODE | {"UpdateFunctionConfiguration"}
_READS = re.compile("Get|List|Describe|Test")


class Upkeep(Layer):
    """Takes the snapshots of deployments, unpacks code, gives functions their revision ids."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    def after(self, call: Call, answer: Answer) -> None:
        """Look at what the call has changed."""
        if call.service == "apigateway":
            self._apigateway(call, answer)
        elif call.service == "lambda":
            self._lambda(call, answer)
        else:
            return
        if not _READS.match(call.operation):
            self._backends.refresh()

    def _apigateway(self, call: Call, answer: Answer) -> None:
        if call.operation == "CreateDeployment":
            self._backends.deploy(call.region, call.parameters["restApiId"], answer.document["id"])
        if call.operation == "DeleteRestApi":
            self._backends.forget_api(call.parameters["restApiId"])

    def _lambda(self, call: Call, answer: Answer) -> None:
        if call.operation in _REVISING:
            function = find_function(call.region, call.parameters["FunctionName"])
            function.revision_id = str(uuid.uuid4())
            if call.operation in _CODE:
                self._backends.unpack(function)
        if call.operation in _REVISING | {"GetFunction", "GetFunctionConfiguration"}:
            _tell_revision(call, answer)


def _tell_revision(call: Call, answer: Answer) -> None:
    document = answer.document
    configuration = document.get("Configuration", document)
    function = find_function(call.region, call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    configuration["RevisionId"] = function.revision_id
    answer.document = document
