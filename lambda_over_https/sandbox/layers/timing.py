"""Imitates AWS's timing, if asked to: what is not ready at once there is not ready at once here.

What a call starts takes effect after some seconds. Until then the sandbox answers as AWS does meanwhile. The
seconds are typical ones; AWS promises none.
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
    """Seconds from a call until it takes effect, in a typical case on AWS."""

    role: float = 8
    """Until Lambda can assume a new role (usually 5 to 15)."""
    function: float = 3
    """Until a new function is no longer Pending."""
    update: float = 2
    """Until a function's LastUpdateStatus is no longer InProgress."""
    table: float = 6
    """Until a new table is no longer CREATING (usually 5 to 20 if it is on demand)."""
    table_deletion: float = 4
    """Until a table is no longer DELETING."""
    group_deletion: float = 10
    """Until a schedule group is no longer DELETING (AWS gives no figure)."""
    web_acl: float = 20
    """Until a new web ACL can be associated (seconds to minutes)."""
    plan_key: float = 20
    """Until a key works that was added to a usage plan (seconds to 2 minutes)."""
    cache_creation: float = 240
    """Until a stage's cache is no longer CREATE_IN_PROGRESS ("about 4 minutes")."""
    cache_deletion: float = 240
    """Until a stage's cache is no longer DELETE_IN_PROGRESS."""
    cache_flush: float = 10
    """Until a stage's cache is no longer FLUSH_IN_PROGRESS (AWS gives no figure)."""
    deployment: float = 4
    """Until the data plane serves a new deployment."""
    permission: float = 2
    """Until API Gateway sees a new statement of a function's policy."""


DELAYS = Delays()


class Timing(Layer):
    """The layer that makes callers wait: not at all if ``factor`` is 0, as long as on AWS if it is 1."""

    def __init__(self, factor: float = 0) -> None:
        self.factor = factor
        self._due: dict[Hashable, float] = {}
        self._deleting: dict[tuple[str, str], dict[str, Any]] = {}
        self._throttles = Throttles(factor)
        self._handlers: dict[tuple[str, str], Callable[[AwsCall, AwsResponse], None]] = {
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

    # Changes under way

    def begin(self, kind: str, *what: Hashable) -> None:
        """Note that a change has begun; ``kind`` is a field of Delays, ``what`` identifies the resource."""
        if self.factor:
            self._due[kind, *what] = time.monotonic() + getattr(DELAYS, kind) * self.factor

    def under_way(self, kind: str, *what: Hashable) -> bool:
        """Whether the change has begun and not taken effect yet."""
        key = (kind, *what)
        due = self._due.get(key)
        if due is None:
            return False
        if time.monotonic() < due:
            return True
        self._due.pop(key, None)
        return False

    # The layer

    def before(self, call: AwsCall) -> None:
        """Refuse what AWS refuses while a change is under way."""
        self._throttles.check(call)
        if not self.factor:
            return
        if call.service == "lambda":
            self._before_lambda(call)
        elif call.service == "dynamodb":
            self._before_dynamodb(call)

    def instead(self, call: AwsCall, _: Inner) -> AwsResponse | None:
        """Describe a table that is being deleted, though moto has it no more."""
        name = call.parameters.get("TableName")
        if call.service != "dynamodb" or not self._is_being_deleted(call.region, name):
            return None
        member = {"DescribeTable": "Table", "DeleteTable": "TableDescription"}.get(call.operation)
        if member is None:
            return None
        response = AwsResponse(200, headers={"content-type": "application/x-amz-json-1.0"})
        response.document = {member: self._deleting[call.region, str(name)]}
        return response

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Note the changes that begin, and report the states of those under way."""
        if self.factor:
            handle = self._handlers.get((call.service, call.operation))
            if handle:
                handle(call, response)

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
        not_now = "The operation cannot be performed at this time."
        if self.under_way("function", function.function_arn):
            message = f"{not_now} The function is currently in the following state: Pending"
            raise AwsError("ResourceConflictException", message, 409)
        if update and self.under_way("update", function.function_arn):
            message = f"{not_now} An update is in progress for resource: {function.function_arn}"
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
        if call.operation == "CreateTable" and self._is_being_deleted(call.region, name):
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
        if not self.under_way("table_deletion", call.region, name):
            self.begin("table_deletion", call.region, name)
            self._deleting[call.region, name] = response.document["TableDescription"]

    def _tables_listed(self, call: AwsCall, response: AwsResponse) -> None:
        deleting = [
            name
            for region, name in list(self._deleting)
            if self._is_being_deleted(region, name) and region == call.region
        ]
        document = response.document
        document["TableNames"] = sorted({*document["TableNames"], *deleting})
        response.document = document

    def _is_being_deleted(self, region: str, name: object) -> bool:
        if (region, name) not in self._deleting:
            return False
        if self.under_way("table_deletion", region, str(name)):
            return True
        self._deleting.pop((region, str(name)), None)
        return False
