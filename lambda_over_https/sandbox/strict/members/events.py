"""EventBridge, its Scheduler and resource tagging: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_RULE: Final = Served("Name EventBusName")
_SCHEDULE: Final = (
    "Name GroupName ScheduleExpression StartDate EndDate ScheduleExpressionTimezone State Target.Arn "
    "Target.RoleArn Target.Input FlexibleTimeWindow ActionAfterCompletion"
)
_SCHEDULE_KEPT: Final = "Description ClientToken Target.RetryPolicy"

EVENTS: Final = Service(
    "EventBridge",
    {
        "DeleteRule": Served("Name EventBusName Force"),
        "DescribeEventBus": Served("Name"),
        "DescribeRule": _RULE,
        "DisableRule": _RULE,
        "EnableRule": _RULE,
        "ListEventBuses": Served("NamePrefix NextToken Limit"),
        "ListRuleNamesByTarget": Served("TargetArn EventBusName NextToken Limit"),
        "ListRules": Served("NamePrefix EventBusName NextToken Limit"),
        "ListTagsForResource": Served("ResourceARN"),
        "ListTargetsByRule": Served("Rule EventBusName NextToken Limit"),
        "PutEvents": Served(
            "Entries.Source Entries.DetailType Entries.Detail Entries.Resources Entries.Time "
            "Entries.EventBusName"
        ),
        "PutRule": Served(
            "Name ScheduleExpression EventPattern State Tags EventBusName", "Description RoleArn"
        ),
        "PutTargets": Served("Rule EventBusName Targets.Id Targets.Arn Targets.Input", "Targets.RetryPolicy"),
        "RemoveTargets": Served("Rule EventBusName Ids Force"),
        "TagResource": Served("ResourceARN Tags"),
        "UntagResource": Served("ResourceARN TagKeys"),
    },
    {
        "CreateEventBus": "use the default event bus",
        "DeadLetterConfig": "read the failure in the function's log group",
        "InputPath": "take the part from the event in the handler",
        "InputTransformer": "let the handler read the event as it comes",
    },
)

SCHEDULER: Final = Service(
    "EventBridge Scheduler",
    {
        "CreateSchedule": Served(_SCHEDULE, _SCHEDULE_KEPT),
        "CreateScheduleGroup": Served("Name Tags", "ClientToken"),
        "DeleteSchedule": Served("Name GroupName", "ClientToken"),
        "DeleteScheduleGroup": Served("Name", "ClientToken"),
        "GetSchedule": Served("Name GroupName"),
        "GetScheduleGroup": Served("Name"),
        "ListScheduleGroups": Served("NamePrefix NextToken MaxResults"),
        "ListSchedules": Served("GroupName NamePrefix State NextToken MaxResults"),
        "ListTagsForResource": Served("ResourceArn"),
        "TagResource": Served("ResourceArn Tags"),
        "UntagResource": Served("ResourceArn TagKeys"),
        "UpdateSchedule": Served(_SCHEDULE, _SCHEDULE_KEPT),
    },
    {
        "DeadLetterConfig": "read the failure in the function's log group",
        "KmsKeyArn": "leave it out: nothing in the sandbox is encrypted",
    },
)

TAGGING: Final = Service(
    "Resource tagging",
    {
        "GetResources": Served(
            "PaginationToken TagFilters ResourcesPerPage TagsPerPage ResourceTypeFilters ResourceARNList"
        ),
        "GetTagKeys": Served("PaginationToken"),
        "GetTagValues": Served("PaginationToken Key"),
        "TagResources": Served("ResourceARNList Tags"),
        "UntagResources": Served("ResourceARNList TagKeys"),
    },
)
