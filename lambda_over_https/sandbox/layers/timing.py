"""AWS's timing, on request: what is not ready at once there is not ready at once here either.

Everything that the control plane starts has a time at which it takes effect; until then the answers are
those that AWS gives meanwhile. The seconds are typical ones; AWS promises none.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import find_function, find_role, find_role_named
from lambda_over_https.sandbox.control.refusals import role_not_assumable
from lambda_over_https.sandbox.layers.throttles import Throttles
from lambda_over_https.sandbox.model.errors import AwsError

_PENDING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
}
_TABLE_READS = frozenset({"DescribeTable", "ListTagsOfResource"})


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from a call until it has taken effect, on AWS, in a usual case."""

    role: float = 8
    """Until Lambda can assume a new role (usually 5 to 15)."""
    function: float = 3
    """A new function's Pending."""
    update: float = 2
    """A function's LastUpdateStatus InProgress."""
    table: float = 6
    """A new table's CREATING (on demand usually 5 to 20)."""
    table_end: float = 4
    """A table's DELETING."""
    group_end: float = 10
    """A schedule group's DELETING (AWS gives no figure)."""
    deployment: float = 4
    """Until the data plane serves a new deployment."""
    permission: float = 2
    """Until API Gateway sees a new statement of a function's policy."""


class Timing(Layer):
    """The control plane's layer that makes callers wait; ``factor`` 0 makes nobody wait, 1 as on AWS."""

    def __init__(
        self, factor: float = 0, now: Callable[[], float] = time.monotonic, delays: Delays = Delays()
    ) -> None:
        self.factor = factor
        self._now = now
        self._delays = delays
        self._due: dict[Hashable, float] = {}
        self._ending: dict[tuple[str, str], dict[str, Any]] = {}
        self._throttles = Throttles(factor, now)
        self._watched: dict[tuple[str, str], Callable[[AwsCall, AwsResponse], None]] = {
            ("iam", "CreateRole"): self._role_created,
            ("lambda", "CreateFunction"): self._function_created,
            ("lambda", "UpdateFunctionCode"): self._function_updated,
            ("lambda", "UpdateFunctionConfiguration"): self._function_updated,
            ("lambda", "GetFunction"): self._function_described,
            ("lambda", "GetFunctionConfiguration"): self._function_described,
            ("lambda", "ListFunctions"): self._function_described,
            ("lambda", "AddPermission"): self._permission_added,
            ("dynamodb", "CreateTable"): self._table_created,
            ("dynamodb", "DescribeTable"): self._table_described,
            ("dynamodb", "DeleteTable"): self._table_deleted,
            ("dynamodb", "ListTables"): self._tables_listed,
        }

    # What has begun and not yet taken effect

    def begin(self, kind: str, *what: Hashable) -> None:
        """Note that something of that kind (a name of Delays) has begun."""
        if self.factor:
            self._due[kind, *what] = self._now() + getattr(self._delays, kind) * self.factor

    def under_way(self, kind: str, *what: Hashable) -> bool:
        """Whether it has begun and not taken effect yet."""
        key = (kind, *what)
        due = self._due.get(key)
        if due is None:
            return False
        if self._now() < due:
            return True
        self._due.pop(key, None)
        return False

    # The layer

    def before(self, call: AwsCall) -> None:
        """Refuse what AWS refuses while something is under way."""
        self._throttles.check(call)
        if not self.factor:
            return
        if call.service == "lambda":
            self._before_lambda(call)
        elif call.service == "dynamodb":
            self._before_dynamodb(call)

    def instead(self, call: AwsCall, _: Inner) -> AwsResponse | None:
        """Tell of a table that is being deleted."""
        name = call.parameters.get("TableName")
        if call.service != "dynamodb" or not self._table_ends(call.region, name):
            return None
        member = {"DescribeTable": "Table", "DeleteTable": "TableDescription"}.get(call.operation)
        if member is None:
            return None
        response = AwsResponse(200, headers={"content-type": "application/x-amz-json-1.0"})
        response.document = {member: self._ending[call.region, str(name)]}
        return response

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Note what begins, and tell the states of what is under way."""
        if self.factor:
            watch = self._watched.get((call.service, call.operation))
            if watch:
                watch(call, response)

    # IAM and Lambda

    def _before_lambda(self, call: AwsCall) -> None:
        if role_arn := call.parameters.get("Role"):
            role = find_role(role_arn)
            if role is not None and self.under_way("role", role.id):
                raise role_not_assumable()
        if call.operation in (
            "Invoke",
            "UpdateFunctionCode",
            "UpdateFunctionConfiguration",
            "PublishVersion",
        ):
            self.check_ready(call.region, call.parameters["FunctionName"], update=call.operation != "Invoke")

    def check_ready(self, region: str, name_or_arn: str, *, update: bool) -> None:
        """Refuse to invoke or ``update`` a function that is not ready for it."""
        function = find_function(region, name_or_arn) if self.factor else None
        if function is None:
            return
        sorry = "The operation cannot be performed at this time."
        if self.under_way("function", function.function_arn):
            message = f"{sorry} The function is currently in the following state: Pending"
            raise AwsError("ResourceConflictException", message, 409)
        if update and self.under_way("update", function.function_arn):
            message = f"{sorry} An update is in progress for resource: {function.function_arn}"
            raise AwsError("ResourceConflictException", message, 409)

    def _role_created(self, call: AwsCall, _: AwsResponse) -> None:
        self.begin("role", find_role_named(call.parameters["RoleName"]).id)

    def _function_created(self, _: AwsCall, response: AwsResponse) -> None:
        self.begin("function", response.document["FunctionArn"])

    def _function_updated(self, _: AwsCall, response: AwsResponse) -> None:
        self.begin("update", response.document["FunctionArn"])

    def _function_described(self, _: AwsCall, response: AwsResponse) -> None:
        document = response.document
        for configuration in document.get("Functions") or [document.get("Configuration", document)]:
            arn = configuration.get("FunctionArn", "")
            if self.under_way("function", arn):
                configuration.update(_PENDING)
            elif self.under_way("update", arn):
                configuration["LastUpdateStatus"] = "InProgress"
        response.document = document

    def _permission_added(self, call: AwsCall, _: AwsResponse) -> None:
        function = find_function(call.region, call.parameters["FunctionName"])
        self.begin("permission", function.function_arn, call.parameters["StatementId"])

    # DynamoDB

    def _before_dynamodb(self, call: AwsCall) -> None:
        name = call.parameters.get("TableName")
        in_use = "Attempt to change a resource which is still in use"
        if call.operation == "CreateTable" and self._table_ends(call.region, name):
            raise AwsError("ResourceInUseException", f"{in_use}: Table is being deleted: {name}")
        if not self.under_way("table", call.region, name) or call.operation in _TABLE_READS:
            return
        if call.operation in ("DeleteTable", "UpdateTable"):
            raise AwsError("ResourceInUseException", f"{in_use}: Table is being created: {name}")
        if call.operation != "CreateTable":
            raise AwsError("ResourceNotFoundException", "Requested resource not found")

    def _table_created(self, call: AwsCall, _: AwsResponse) -> None:
        self.begin("table", call.region, call.parameters["TableName"])

    def _table_described(self, call: AwsCall, response: AwsResponse) -> None:
        if self.under_way("table", call.region, call.parameters["TableName"]):
            document = response.document
            document["Table"]["TableStatus"] = "CREATING"
            response.document = document

    def _table_deleted(self, call: AwsCall, response: AwsResponse) -> None:
        name = call.parameters["TableName"]
        if not self.under_way("table_end", call.region, name):
            self.begin("table_end", call.region, name)
            self._ending[call.region, name] = response.document["TableDescription"]

    def _tables_listed(self, call: AwsCall, response: AwsResponse) -> None:
        ending = [
            name
            for region, name in list(self._ending)
            if self._table_ends(region, name) and region == call.region
        ]
        document = response.document
        document["TableNames"] = sorted({*document["TableNames"], *ending})
        response.document = document

    def _table_ends(self, region: str, name: object) -> bool:
        if (region, name) not in self._ending:
            return False
        if self.under_way("table_end", region, str(name)):
            return True
        self._ending.pop((region, str(name)), None)
        return False
