"""What others hung on resources of ours: some of it goes with them, some outlives them.

Each listing asks for one kind of thing, so that one that is not allowed hides no other. What goes along is
named in words before its owner goes; what outlives it has the command that deletes it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH, PROD_STATEMENT, STAGE, TEST_STATEMENT
from lambda_over_https.tutorial.parts.part import Orphan
from lambda_over_https.tutorial.parts.reading import api_tree, function_policy, usage_plans

# --- the function: Lambda deletes all of it with the function, but not its event source mappings ---


def permissions(stack: Stack) -> Iterator[str]:
    """Statements of the function's resource policy."""
    ours = (TEST_STATEMENT, PROD_STATEMENT)
    return (f"the permission {sid} of the function" for sid in function_policy(stack) if sid not in ours)


def versions(stack: Stack) -> Iterator[str]:
    """Published versions."""
    pages = stack.cloud.lambda_.get_paginator("list_versions_by_function")
    for page in pages.paginate(FunctionName=stack.names.function):
        numbers = (each["Version"] for each in page["Versions"])
        yield from (f"version {number} of the function" for number in numbers if number != "$LATEST")


def aliases(stack: Stack) -> Iterator[str]:
    """Aliases, which have a resource policy and a URL of their own."""
    pages = stack.cloud.lambda_.get_paginator("list_aliases").paginate(FunctionName=stack.names.function)
    return (f"the alias {each['Name']} of the function" for page in pages for each in page["Aliases"])


def function_url(stack: Stack) -> Iterator[str]:
    """The URL at which the function can be called without API Gateway."""
    lambda_ = stack.cloud.lambda_
    try:
        found = lambda_.get_function_url_config(FunctionName=stack.names.function)
    except lambda_.exceptions.ResourceNotFoundException:
        return
    yield f"the function URL {found['FunctionUrl']}"


def event_source_mappings(stack: Stack) -> Iterable[Orphan]:
    """Lambda keeps them, enabled, when their function is deleted."""
    listed = stack.cloud.lambda_.list_event_source_mappings(FunctionName=stack.names.function)
    command = "aws lambda delete-event-source-mapping --uuid"
    for each in listed["EventSourceMappings"]:
        yield Orphan("lambda:event-source-mapping", each["UUID"], f"{command} {each['UUID']}")


# --- the log group ---


def subscription_filters(stack: Stack) -> Iterator[str]:
    """Where somebody sends the lines to."""
    found = stack.cloud.logs.describe_subscription_filters(logGroupName=stack.names.log_group)
    for each in found["subscriptionFilters"]:
        yield f"the subscription filter {each['filterName']} of the log group"


def metric_filters(stack: Stack) -> Iterator[str]:
    """What somebody counts in the lines; the metric itself stays."""
    found = stack.cloud.logs.describe_metric_filters(logGroupName=stack.names.log_group)
    for each in found["metricFilters"]:
        yield f"the metric filter {each['filterName']} of the log group"


# --- the table: DynamoDB deletes all of it with the table, but not its backups ---


def backups(stack: Stack) -> Iterator[Orphan]:
    """Backups that somebody made since this deployment began: an earlier table may have had the name."""
    # The moment is written down in whole seconds, before the table is made.
    begin = datetime.fromisoformat(stack.journal.deployment.created) + timedelta(seconds=1)
    pages = stack.cloud.dynamodb.get_paginator("list_backups").paginate(TableName=stack.names.table)
    for each in (each for page in pages for each in page["BackupSummaries"]):
        if each["BackupCreationDateTime"] >= begin:
            arn = each["BackupArn"]
            yield Orphan("dynamodb:backup", arn, f"aws dynamodb delete-backup --backup-arn {arn}")


# --- the API ---


def further_stages(stack: Stack) -> Iterator[str]:
    """Stages beside ours."""
    found = stack.cloud.apigateway.get_stages(restApiId=stack.id_of(Kind.REST_API)).get("item", [])
    return (f"the stage {each['stageName']} of the API" for each in found if each["stageName"] != STAGE)


def further_resources(stack: Stack) -> Iterator[str]:
    """Resources beside ours, also those below it."""
    return (f"the resource {path} of the API" for path in api_tree(stack) if path not in ("/", PATH))


def resources_below(stack: Stack) -> Iterator[str]:
    """Resources below ours, which go with it."""
    return (f"the resource {path} of the API" for path in api_tree(stack) if path.startswith(f"{PATH}/"))


def further_methods(stack: Stack) -> Iterator[str]:
    """The verbs that somebody added to our resource; those of the chapters are in the journal."""
    verbs = api_tree(stack).get(PATH, {}).get("resourceMethods", {})
    for verb in verbs:
        if stack.record(Kind.METHOD, f"{verb} {PATH}") is None:
            yield f"the method {verb} {PATH} of the API"


def authorizers(stack: Stack) -> Iterator[str]:
    """Who decides, on somebody's behalf, which requests pass."""
    api, apigateway = stack.id_of(Kind.REST_API), stack.cloud.apigateway
    found = apigateway.get_authorizers(restApiId=api, limit=500)["items"]
    return (f"the authorizer {each['name']} of the API" for each in found)


def models(stack: Stack) -> Iterator[str]:
    """Models, without the two that every new API has."""
    pages = stack.cloud.apigateway.get_paginator("get_models").paginate(restApiId=stack.id_of(Kind.REST_API))
    names = (each["name"] for page in pages for each in page["items"])
    return (f"the model {name} of the API" for name in names if name not in ("Empty", "Error"))


def request_validators(stack: Stack) -> Iterator[str]:
    """What checks requests before the function sees them."""
    api, apigateway = stack.id_of(Kind.REST_API), stack.cloud.apigateway
    found = apigateway.get_request_validators(restApiId=api, limit=500)["items"]
    return (f"the request validator {each['name']} of the API" for each in found)


def gateway_responses(stack: Stack) -> Iterator[str]:
    """Answers of API Gateway's own that somebody has changed; those of the chapters are in the journal."""
    api, apigateway = stack.id_of(Kind.REST_API), stack.cloud.apigateway
    for each in apigateway.get_gateway_responses(restApiId=api, limit=500)["items"]:
        name = each["responseType"]
        if not each.get("defaultResponse") and stack.record(Kind.GATEWAY_RESPONSE, name) is None:
            yield f"the gateway response {name} of the API"


def places_in_usage_plans(stack: Stack) -> Iterator[str]:
    """Usage plans of others that cover the API: with the API, or its stage, only that place in them goes."""
    api, ours = stack.id_of(Kind.REST_API), stack.record(Kind.USAGE_PLAN)
    for plan in usage_plans(stack):
        covers = any(each["apiId"] == api for each in plan.get("apiStages", ()))
        if covers and not (ours and plan["id"] == ours.id):
            yield f"the API's place in the usage plan {plan['name']} (the plan itself stays)"
