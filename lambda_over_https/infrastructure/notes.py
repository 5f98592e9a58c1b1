"""What a reader of a template should know of a part of it, and would not see there."""

from lambda_over_https.kinds import Kind

RESOURCES = {
    "manager": {
        Kind.ROLE: "Who may use the role: Lambda, and nobody else.",
        Kind.ROLE_POLICY: (
            "What the function may do: use this table and write its own log. It may not create a log group: "
            "a late log line would bring the group back after it was deleted."
        ),
        Kind.LOG_GROUP: "Otherwise Lambda makes the group itself, and its entries never expire.",
        Kind.REST_API: "REGIONAL: the default, EDGE, puts a CloudFront distribution in front.",
        Kind.STAGE: "No cache: it would cost by the hour.",
        Kind.SCHEDULE_GROUP: "A schedule carries no tags; its group does, and deleting the group deletes it.",
    },
    "get": {
        Kind.METHOD_SETTINGS: (
            "Only GET uses the cache. POST must not: its body is not in the cache key, so a second create "
            "would get the first one's answer and not be executed."
        ),
        Kind.PERMISSION: "Each method has a statement of its own. This one is for the stage alone.",
    },
    "firewall": {
        Kind.WEB_ACL: (
            "The firewall costs by the month and by the request. The first rule that matches decides; a rate "
            "is an estimate, and acts after seconds or minutes."
        ),
    },
    "blocked": {
        Kind.IP_SET: "Put in the addresses that you want to block; nobody has these.",
    },
    "items": {
        Kind.TABLE: "On demand: you pay for each request and plan no capacity. The items go with the table.",
    },
    "scheduler": {
        Kind.ROLE: "Who may use the role: EventBridge Scheduler, for the schedules of this group alone.",
        Kind.ROLE_POLICY: "What a schedule may do: call this function.",
    },
}
"""By what a description calls a resource, and its kind."""

KINDS = {
    Kind.METHOD_SETTINGS: "Targets, not ceilings: AWS may let more through. Do not rely on them for costs.",
    Kind.USAGE_PLAN: "The limits are for each key. They are targets, not ceilings.",
    Kind.API_KEY: "API Gateway makes its value. `aws apigateway get-api-key --include-value` shows it.",
    Kind.SCHEDULE: "The input is the whole event. The function's own policy is not asked, only this role's.",
    Kind.PERMISSION: "The * stands for any stage, and for the Test button of the console.",
}
"""By kind, whatever it is called."""


def note(kind: Kind, local: str) -> str:
    """What is said of a resource; empty for most."""
    return RESOURCES.get(local, {}).get(kind) or KINDS.get(kind, "")


CACHED = (
    "The cache costs by the hour, used or not. Switch it off by saying false here: if these lines are only "
    "left out, it stays."
)

INTEGRATION = (
    "No proxy: the request's body is the event. Without the patterns below, every error would be HTTP 200. "
    "A pattern must match the function's whole error message."
)

MOCK = "API Gateway answers by itself; nothing behind it is called."

POLICY = "Who may call the API at all. What it does not allow is refused."

GATEWAY_RESPONSES = "What API Gateway answers by itself: errors before the method, and of its integration."

ANSWERS = {
    "200": "The request was answered",
    "400": "The request is wrong",
    "500": "The function failed",
    "504": "The function took too long",
}
"""By status."""

OPEN = "Open to everyone. Add an authorizer to what stays online."

KEYED = "A key tells clients apart and limits them. It does not say who may call: add an authorizer for that."

REDEPLOYED = (
    "A stage serves a snapshot of the API. A changed API gets a new one, and the old one stays until the "
    "stage has moved."
)

ALWAYS_DEPLOYED = (
    "A stage serves a snapshot of the API. Without this a change of a parameter alone, such as the name of "
    "the function, would not reach the stage."
)

ONE_STAGE = "Without the version, SAM makes a second stage, called Stage."

IN_THE_STATE = (
    "API Gateway makes its value, and Terraform keeps it in its state, in plain text: let nobody read that."
)

PACKAGE = "This folder becomes the zip."

PACKAGE_STEP, API_STEP, DEPLOYMENT_STEP = "2.1", "3.1", "3.5"

SOURCE = "src"
"""The folder of the handler, beside the template."""
