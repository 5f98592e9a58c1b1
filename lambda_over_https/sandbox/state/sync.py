"""Brings the data plane's state up to date after each call that changes it."""

import re
import uuid

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import find_function
from lambda_over_https.sandbox.state.account_state import AccountState

_REVISING = frozenset({"CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration"})
_READS = re.compile("Get|List|Describe|Test")


class StateSync(Layer):
    """Takes a snapshot of each deployment, and notes which functions have changed."""

    services = frozenset({"apigateway", "lambda"})

    def __init__(self, state: AccountState) -> None:
        self._state = state

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Update the state if the call has changed it."""
        if call.service == "apigateway":
            self._apigateway(call, response)
        else:
            self._lambda(call)
        if not _READS.match(call.operation):
            self._state.refresh()

    def _apigateway(self, call: AwsCall, response: AwsResponse) -> None:
        if call.operation == "CreateDeployment":
            self._state.deploy(call.region, call.parameters["restApiId"], response.document["id"])
        if call.operation == "GetDeployment" and "apisummary" in (call.parameters.get("embed") or ()):
            summary = self._state.summary(call.parameters["restApiId"], call.parameters["deploymentId"])
            response.document = {**response.document, "apiSummary": summary}
        if call.operation == "DeleteRestApi":
            self._state.forget_api(call.parameters["restApiId"])

    def _lambda(self, call: AwsCall) -> None:
        if call.operation in _REVISING:
            function = find_function(call.region, call.parameters["FunctionName"])
            function.revision_id = str(uuid.uuid4())
