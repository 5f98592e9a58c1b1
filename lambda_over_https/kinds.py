"""The kinds of resources that a deployment has, each named once: as journals and ``--json`` spell them."""

from enum import StrEnum


class Kind(StrEnum):
    """A service and what it calls the resource; ``local`` is a file on this machine."""

    ARCHIVE = "local:zip"
    ROLE = "iam:role"
    ROLE_POLICY = "iam:role-policy"
    LOG_GROUP = "logs:log-group"
    FUNCTION = "lambda:function"
    PERMISSION = "lambda:permission"
    TABLE = "dynamodb:table"
    REST_API = "apigateway:restapi"
    RESOURCE = "apigateway:resource"
    METHOD = "apigateway:method"
    INTEGRATION = "apigateway:integration"
    METHOD_RESPONSE = "apigateway:method-response"
    INTEGRATION_RESPONSE = "apigateway:integration-response"
    GATEWAY_RESPONSE = "apigateway:gateway-response"
    STAGE = "apigateway:stage"
    USAGE_PLAN = "apigateway:usage-plan"
    USAGE_PLAN_KEY = "apigateway:usage-plan-key"
    API_KEY = "apigateway:api-key"
    SCHEDULE_GROUP = "scheduler:schedule-group"
    SCHEDULE_ROLE = "scheduler:role"
    SCHEDULE_ROLE_POLICY = "scheduler:role-policy"
    SCHEDULE = "scheduler:schedule"
    METHOD_SETTINGS = "apigateway:method-settings"
    CACHE = "apigateway:cache"
