"""CloudWatch Logs: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_GROUP: Final = Served("logGroupName")

SERVICE: Final = Service(
    "CloudWatch Logs",
    {
        "CreateLogGroup": Served("logGroupName tags", only={"logGroupClass": "STANDARD"}),
        "CreateLogStream": Served("logGroupName logStreamName"),
        "DeleteLogGroup": _GROUP,
        "DeleteLogStream": Served("logGroupName logStreamName"),
        "DeleteRetentionPolicy": _GROUP,
        "DeleteSubscriptionFilter": Served("logGroupName filterName"),
        "DescribeLogGroups": Served(
            "logGroupNamePrefix logGroupNamePattern nextToken limit", only={"logGroupClass": "STANDARD"}
        ),
        "DescribeLogStreams": Served(
            "logGroupName logGroupIdentifier logStreamNamePrefix orderBy descending nextToken limit"
        ),
        "DescribeMetricFilters": Served(
            "logGroupName filterNamePrefix nextToken limit metricName metricNamespace"
        ),
        "DescribeQueries": Served("logGroupName status maxResults nextToken"),
        "DescribeSubscriptionFilters": Served("logGroupName filterNamePrefix nextToken limit"),
        "FilterLogEvents": Served(
            "logGroupName logGroupIdentifier logStreamNames logStreamNamePrefix startTime endTime "
            "filterPattern nextToken limit interleaved startFromHead"
        ),
        "GetLogEvents": Served(
            "logGroupName logGroupIdentifier logStreamName startTime endTime nextToken limit startFromHead"
        ),
        "GetQueryResults": Served("queryId"),
        "ListLogGroups": Served("logGroupNamePattern nextToken limit", only={"logGroupClass": "STANDARD"}),
        "ListTagsForResource": Served("resourceArn"),
        "ListTagsLogGroup": _GROUP,
        "PutLogEvents": Served("logGroupName logStreamName logEvents", "sequenceToken"),
        "PutRetentionPolicy": Served("logGroupName", "retentionInDays"),
        "PutSubscriptionFilter": Served(
            "logGroupName filterName filterPattern destinationArn", only={"distribution": "ByLogStream"}
        ),
        "StartQuery": Served(
            "logGroupName logGroupNames logGroupIdentifiers startTime endTime queryString limit",
            only={"queryLanguage": "CWLI"},
        ),
        "TagLogGroup": Served("logGroupName tags"),
        "TagResource": Served("resourceArn tags"),
        "UntagLogGroup": Served("logGroupName tags"),
        "UntagResource": Served("resourceArn tagKeys"),
    },
    {
        "CreateExportTask": "read the events with FilterLogEvents: the sandbox has no S3",
        "deletionProtectionEnabled": "leave it out",
        "distribution": "leave it out: it matters only for streams",
        "kmsKeyId": "leave it out: nothing in the sandbox is encrypted",
        "logGroupClass": "use the class STANDARD",
        "PutDestination": "read the events with FilterLogEvents",
        "PutMetricFilter": "search with FilterLogEvents: the sandbox has no metrics",
        "PutResourcePolicy": "allow the access in the caller's own policy",
        "roleArn": "leave it out: a function needs a permission instead (AddPermission)",
        "StartLiveTail": "read the events with FilterLogEvents, again and again",
    },
)
