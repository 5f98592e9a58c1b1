"""DynamoDB: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_CAPACITY: Final = "ReturnConsumedCapacity"
_EXPRESSIONS: Final = "ExpressionAttributeNames ExpressionAttributeValues"
_WRITE: Final = (
    f"TableName Expected ConditionalOperator ConditionExpression ReturnValues {_CAPACITY} {_EXPRESSIONS} "
    "ReturnItemCollectionMetrics ReturnValuesOnConditionCheckFailure"
)
_READ: Final = (
    f"TableName IndexName Select AttributesToGet Limit ConditionalOperator ExclusiveStartKey {_CAPACITY} "
    f"ProjectionExpression FilterExpression {_EXPRESSIONS} ConsistentRead"
)
_TABLE: Final = Served("TableName")

SERVICE: Final = Service(
    "DynamoDB",
    {
        "BatchGetItem": Served(f"RequestItems {_CAPACITY}"),
        "BatchWriteItem": Served(f"RequestItems {_CAPACITY} ReturnItemCollectionMetrics"),
        "CreateTable": Served(
            "TableName AttributeDefinitions KeySchema LocalSecondaryIndexes GlobalSecondaryIndexes "
            "StreamSpecification Tags DeletionProtectionEnabled",
            "BillingMode ProvisionedThroughput TableClass WarmThroughput",
        ),
        "DeleteItem": Served(f"Key {_WRITE}"),
        "DeleteTable": _TABLE,
        "DescribeContinuousBackups": _TABLE,
        "DescribeContributorInsights": _TABLE,
        "DescribeEndpoints": Served(),
        "DescribeLimits": Served(),
        "DescribeTable": _TABLE,
        "DescribeTimeToLive": _TABLE,
        "GetItem": Served(
            f"TableName Key AttributesToGet ConsistentRead {_CAPACITY} ProjectionExpression "
            "ExpressionAttributeNames"
        ),
        "ListBackups": Served(
            "TableName Limit TimeRangeLowerBound TimeRangeUpperBound ExclusiveStartBackupArn BackupType"
        ),
        "ListTables": Served("ExclusiveStartTableName Limit"),
        "ListTagsOfResource": Served("ResourceArn NextToken"),
        "PutItem": Served(f"Item {_WRITE}"),
        "Query": Served(f"{_READ} KeyConditions QueryFilter ScanIndexForward KeyConditionExpression"),
        "Scan": Served(f"{_READ} ScanFilter TotalSegments Segment"),
        "TagResource": Served("ResourceArn Tags"),
        "TransactGetItems": Served(f"TransactItems {_CAPACITY}"),
        "TransactWriteItems": Served(
            f"TransactItems {_CAPACITY} ReturnItemCollectionMetrics ClientRequestToken"
        ),
        "UntagResource": Served("ResourceArn TagKeys"),
        "UpdateItem": Served(f"Key AttributeUpdates UpdateExpression {_WRITE}"),
        "UpdateTable": Served(
            "TableName AttributeDefinitions GlobalSecondaryIndexUpdates StreamSpecification "
            "DeletionProtectionEnabled",
            "BillingMode ProvisionedThroughput TableClass",
        ),
        "UpdateTimeToLive": Served("TableName", "TimeToLiveSpecification"),
    },
    {
        "BatchExecuteStatement": "use BatchGetItem or BatchWriteItem: the sandbox has no PartiQL",
        "CreateBackup": "scan the table and keep the items: the sandbox has no backups",
        "CreateGlobalTable": "use a table in one Region",
        "ExecuteStatement": "use GetItem, Query, PutItem and the like: the sandbox has no PartiQL",
        "ExecuteTransaction": "use TransactGetItems or TransactWriteItems: the sandbox has no PartiQL",
        "OnDemandThroughput": "leave it out: the sandbox limits no table's capacity",
        "ReplicaUpdates": "use a table in one Region",
        "ResourcePolicy": "allow the access in the caller's own policy",
        "PutResourcePolicy": "allow the access in the caller's own policy",
        "SSESpecification": "leave it out: nothing in the sandbox is encrypted",
        "UpdateContinuousBackups": "scan the table and keep the items: the sandbox has no backups",
        "WarmThroughput": "leave it out: the sandbox limits no table's capacity",
    },
)

STREAMS: Final = Service(
    "DynamoDB Streams",
    {
        "DescribeStream": Served("StreamArn Limit ExclusiveStartShardId"),
        "GetRecords": Served("ShardIterator Limit"),
        "GetShardIterator": Served("StreamArn ShardId ShardIteratorType SequenceNumber"),
        "ListStreams": Served("TableName Limit ExclusiveStartStreamArn"),
    },
)
