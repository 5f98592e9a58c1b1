"""The resources that permissions are for, each by the key that ``permissions`` calls it.

One resource has several keys where its actions come under different conditions.
"""

from lambda_over_https.aws import arns
from lambda_over_https.aws.place import Place
from lambda_over_https.names import Names

API_ID = 10
"""Characters of the id of a REST API."""


def resources_of(names: Names, place: Place, role_arn: str) -> dict[str, str | list[str]]:
    """The ARNs of each, for deployments of these names, in the order of a policy's statements.

    ``role_arn`` is the role that the user lends, if any.
    """
    role, schedule_role = role_arn or arns.role(place, names.role), arns.role(place, names.schedule_role)
    log_group = arns.log_group(place, names.log_group)
    ip_set = arns.ip_set(place, names.blocked_addresses, "*")
    web_acl = arns.web_acl(place, names.firewall, "*")
    apis, any_api = arns.api_gateway(place, "/restapis"), arns.rest_api(place, "*")
    api_itself, any_stage = arns.rest_api(place, "?" * API_ID), arns.stage(place, "*", "*")
    plans, keys = arns.api_gateway(place, "/usageplans"), arns.api_gateway(place, "/apikeys")
    return {
        "role": role,
        "bounded role": role,
        "tagged role": role,
        "passed role": role,
        "schedule role": schedule_role,
        "bounded schedule role": schedule_role,
        "tagged schedule role": schedule_role,
        "passed schedule role": role_arn or schedule_role,
        "schedule group": arns.schedule_group(place, names.schedule_group),
        "schedule": arns.schedule(place, names.schedule_group, "*"),
        "function": arns.function(place, names.function),
        "table": arns.table(place, names.table),
        "log group": [log_group, arns.log_streams(log_group)],
        "log groups": arns.log_group(place, "*"),
        "apis": apis,
        "new api": apis,
        "tags": arns.api_gateway(place, "/tags/*"),
        "api": any_api,  # with all below it: the wildcard takes slashes too
        "own api": any_api,
        "api itself": api_itself,  # without what is below it
        "updated api": api_itself,
        "resource": f"{any_api}/resources/*",
        "method": f"{any_api}/resources/*/methods/*",
        "deployments": f"{any_api}/deployments",
        "deployment": f"{any_api}/deployments/*",
        "stage": any_stage,
        "guarded stage": any_stage,  # AWS WAF asks about it, and tells no tags
        "gateway response": f"{any_api}/gatewayresponses/*",
        "usage plans": plans,
        "new usage plan": plans,
        "usage plan": arns.usage_plan(place, "*"),
        "api keys": keys,
        "new api key": keys,
        "api key": arns.api_key(place, "*"),
        "ip set": ip_set,
        "web acl": web_acl,
        "firewall": [ip_set, web_acl],
        "all roles": "*",
        "everything": "*",
    }
