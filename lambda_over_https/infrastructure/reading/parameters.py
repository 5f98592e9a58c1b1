"""Which values of a deployment become parameters, so that it can be deployed elsewhere with others."""

from collections.abc import Mapping
from typing import NamedTuple

from lambda_over_https.infrastructure.description import Parameter
from lambda_over_https.kinds import Kind


class Adjustable(NamedTuple):
    """A value that may be another elsewhere: its parameter's name, what it is, its bounds."""

    name: str
    about: str
    least: int | None = None
    most: int | None = None

    def parameter(self, value: str | float) -> Parameter:
        """The parameter; its default is the value that this deployment has."""
        return Parameter(self.name, self.about, value, self.least, self.most)


MEMBERS: Mapping[tuple[str, str], Adjustable] = {
    (Kind.LOG_GROUP, "retentionInDays"): Adjustable("log_retention_days", "Days until a log entry expires."),
    (Kind.FUNCTION, "Runtime"): Adjustable("runtime", "Lambda runtime for the handler's language."),
    (Kind.FUNCTION, "Timeout"): Adjustable(
        "timeout", "Seconds until Lambda stops the function. API Gateway waits for 29.", 1, 29
    ),
    (Kind.FUNCTION, "MemorySize"): Adjustable(
        "memory_size", "Memory of the function in MB. The processor's share grows with it.", 128, 10240
    ),
    (Kind.FUNCTION, "ReservedConcurrentExecutions"): Adjustable(
        "reserved_concurrency",
        "How many runs of the function there may be at once. A new account may have none to reserve.",
        0,
    ),
    (Kind.STAGE, "stageName"): Adjustable("stage_name", "Name of the stage: the URL's path begins with it."),
    (Kind.METHOD_SETTINGS, "throttlingRateLimit"): Adjustable(
        "throttle_rate_limit", "Requests a second that the stage lets through to the method.", 0
    ),
    (Kind.METHOD_SETTINGS, "throttlingBurstLimit"): Adjustable(
        "throttle_burst_limit", "Requests that it lets through at once.", 0
    ),
    (Kind.METHOD_SETTINGS, "cacheTtlInSeconds"): Adjustable(
        "cache_ttl_seconds", "Seconds for which the stage keeps an answer of GET.", 0, 3600
    ),
    (Kind.USAGE_PLAN, "throttle.rateLimit"): Adjustable(
        "key_rate_limit", "Requests a second that the usage plan lets each key make.", 0
    ),
    (Kind.USAGE_PLAN, "throttle.burstLimit"): Adjustable(
        "key_burst_limit", "Requests that it lets each key make at once.", 0
    ),
    (Kind.USAGE_PLAN, "quota.limit"): Adjustable(
        "key_quota", "Requests that it lets each key make in a day.", 0
    ),
    (Kind.SCHEDULE, "ScheduleExpression"): Adjustable(
        "schedule_expression", "When the function is called: rate(1 minute), or cron(0 9 * * ? *)."
    ),
    (Kind.WEB_ACL, "Rules.Statement.RateBasedStatement.Limit"): Adjustable(
        "firewall_rate_limit", "Requests a minute that the firewall lets each address make.", 10
    ),
}
"""By kind of resource and member of the call that makes it; a member of a member, or of
the members in a list, behind a dot.
"""

NAMES = {
    "role": "Name of the function's execution role.",
    "function": "Name of the function.",
    "table": "Name of the table.",
    "api": "Name of the REST API.",
    "prefix": "What other names begin with: give each stack of an account its own.",
}
"""What is said of the parameter for a field of ``Names``."""

LENT = {
    each.name: each
    for each in (
        Parameter("role_arn", "ARN of an existing role: the function runs with its permissions."),
        Parameter("permissions_boundary", "ARN of the policy that limits the function's role."),
    )
}
"""Parameters for what must exist already, by name: they have no default."""
