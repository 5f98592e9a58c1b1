"""DynamoDB: how tables and their indexes are described, as recorded on AWS."""

import uuid
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.dynamodb.items.index_keys import indexed
from lambda_over_https.sandbox.strict.rules import Amendment


def changed(status: str) -> Amendment:
    """Describe the table of CreateTable or DeleteTable: it has no throughput of its own yet, or no longer."""

    def amend(call: AwsCall, response: AwsResponse) -> None:
        document = response.document
        table = document["TableDescription"]
        _note_class(call, table["TableName"])
        _complete(call, table)
        table["TableStatus"] = status
        for each in (table, *table.get("GlobalSecondaryIndexes", ())):
            each.pop("WarmThroughput", None)
        if warm := call.parameters.get("WarmThroughput"):
            table["WarmThroughput"] = {**warm, "Status": "UPDATING"}
        (table.get("BillingModeSummary") or {}).pop("LastUpdateToPayPerRequestDateTime", None)
        response.document = document

    return amend


def updated(call: AwsCall, response: AwsResponse) -> None:
    """Describe the table of UpdateTable."""
    document = response.document
    _note_class(call, document["TableDescription"]["TableName"])
    _complete(call, document["TableDescription"])
    response.document = document


def described(call: AwsCall, response: AwsResponse) -> None:
    """Describe the table of DescribeTable."""
    document = response.document
    _complete(call, document["Table"])
    response.document = document


def described_time_to_live(_call: AwsCall, response: AwsResponse) -> None:
    """Name no attribute once the time to live is off, as in the API reference's "DescribeTimeToLive"."""
    document = response.document
    if document["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
        document["TimeToLiveDescription"].pop("AttributeName", None)
        response.document = document


def describe_insights(call: AwsCall) -> AwsResponse:
    """Answer DescribeContributorInsights: nobody has switched them on."""
    name = call.parameters["TableName"].rpartition("/")[2]
    if name not in dynamodb_backend(call.region).tables:
        message = f"Requested resource not found: Table: {name} not found"
        raise AwsError("ResourceNotFoundException", message)
    return AwsResponse.json(200, {"TableName": name, "ContributorInsightsStatus": "DISABLED"})


def _note_class(call: AwsCall, name: str) -> None:
    table = dynamodb_backend(call.region).tables.get(name)
    said = call.parameters.get("TableClass")
    if table is not None and said:
        table.class_of_the_sandbox = said


def _complete(call: AwsCall, table: dict[str, Any]) -> None:
    """Name the table by its id too, and leave out indexes that it does not have, and the usual billing."""
    kept = dynamodb_backend(call.region).tables.get(table["TableName"])
    made = table["CreationDateTime"]
    table["TableId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{table['TableArn']} {made}"))
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not table.get(name):
            table.pop(name, None)
        for index in table.get(name, ()):
            _complete_index(table["TableArn"], kept, index)
    for index in table.get("GlobalSecondaryIndexes", ()):
        throughput = index.get("ProvisionedThroughput") or {}
        none = {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
        index["ProvisionedThroughput"] = {**none, **throughput}
    billing = table.get("BillingModeSummary") or {}
    if billing.get("BillingMode") == "PROVISIONED":
        del table["BillingModeSummary"]
    elif billing:
        billing.setdefault("LastUpdateToPayPerRequestDateTime", made)
    if kind := getattr(kept, "class_of_the_sandbox", None):
        table["TableClassSummary"] = {"TableClass": kind}


def _complete_index(table_arn: str, table: Any, index: dict[str, Any]) -> None:
    """Tell an index's ARN, and how many items it has: those with all of its keys."""
    own = [each for each in table.all_indexes() if each.name == index["IndexName"]] if table else []
    items = [item for each in own for item in table.all_items() if indexed(table, each, item)]
    index["IndexArn"] = f"{table_arn}/index/{index['IndexName']}"
    index["ItemCount"], index["IndexSizeBytes"] = len(items), sum(item.size() for item in items)
