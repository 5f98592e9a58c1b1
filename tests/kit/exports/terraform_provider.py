"""The tests' own provider for Terraform: it makes each resource by boto3, and gives its attributes."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.kit.exports.made import Made


def _role(made: Made, said: Any) -> dict[str, Any]:
    arn = made.role(said["name"], json.loads(said["assume_role_policy"]), said["description"])
    return {"name": said["name"], "arn": arn}


def _role_policy(made: Made, said: Any) -> dict[str, Any]:
    made.role_policy(said["role"], said["name"], json.loads(said["policy"]))
    return {}


def _log_group(made: Made, said: Any) -> dict[str, Any]:
    made.log_group(said["name"], said["retention_in_days"])
    return {"arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{said['name']}", "name": said["name"]}


def _function(made: Made, said: Any) -> dict[str, Any]:
    assert said["filename"].endswith("/src.zip")
    assert said["source_code_hash"]
    (environment,) = said["environment"]
    arn = made.function(
        FunctionName=said["function_name"],
        Description=said["description"],
        Handler=said["handler"],
        Runtime=said["runtime"],
        Role=said["role"],
        Timeout=said["timeout"],
        MemorySize=said["memory_size"],
        Environment={"Variables": environment["variables"]},
    )
    if most := said.get("reserved_concurrent_executions"):
        made.concurrency(said["function_name"], int(most))
    invoke = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {"arn": arn, "invoke_arn": invoke, "function_name": said["function_name"]}


def _table(made: Made, said: Any) -> dict[str, Any]:
    arn = made.table(
        TableName=said["name"],
        BillingMode=said["billing_mode"],
        KeySchema=[{"AttributeName": said["hash_key"], "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": each["name"], "AttributeType": each["type"]} for each in said["attribute"]
        ],
    )
    return {"arn": arn, "name": said["name"]}


def _rest_api(made: Made, said: Any) -> dict[str, Any]:
    ((kind,),) = [each["types"] for each in said["endpoint_configuration"]]
    body = json.loads(said["body"])
    assert body["info"]["title"] == said["name"]
    api = made.rest_api(body, kind)
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{api}"
    return {"id": api, "execution_arn": arn, "body": said["body"]}


def _deployment(made: Made, said: Any) -> dict[str, Any]:
    assert re.fullmatch("[0-9a-f]{40}", said["triggers"]["redeployment"])
    return {"id": made.deployment(said["rest_api_id"])}


def _stage(made: Made, said: Any) -> dict[str, Any]:
    api, stage = said["rest_api_id"], said["stage_name"]
    cache = {name: value for name, value in said.items() if name.startswith("cache_cluster") and value}
    made.stage(api, stage, said["deployment_id"], **_camel(cache))
    return {
        "invoke_url": f"https://{api}.execute-api.us-east-1.amazonaws.com/{stage}",
        "arn": f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/{stage}",
        "execution_arn": f"arn:aws:execute-api:us-east-1:123456789012:{api}/{stage}",
    }


def _method_settings(made: Made, said: Any) -> dict[str, Any]:
    ((settings),) = said["settings"]
    path, _, verb = said["method_path"].rpartition("/")
    made.method_settings(said["rest_api_id"], said["stage_name"], f"/~1{path}/{verb}", _camel(settings))
    return {}


def _usage_plan(made: Made, said: Any) -> dict[str, Any]:
    ((throttle,), (quota,)) = (said["throttle_settings"], said["quota_settings"])
    plan = made.usage_plan(
        name=said["name"],
        description=said["description"],
        apiStages=[_camel(each) for each in said["api_stages"]],
        throttle=_camel(throttle),
        quota=_camel(quota),
    )
    return {"id": plan}


def _api_key(made: Made, said: Any) -> dict[str, Any]:
    return {"id": made.api_key(**_camel(said))}


def _usage_plan_key(made: Made, said: Any) -> dict[str, Any]:
    made.usage_plan_key(**_camel(said))
    return {}


def _schedule_group(made: Made, said: Any) -> dict[str, Any]:
    return {"arn": made.schedule_group(said["name"])}


def _schedule(made: Made, said: Any) -> dict[str, Any]:
    (target,) = said["target"]
    (window,), (retries,) = said["flexible_time_window"], target.pop("retry_policy")
    made.schedule(
        Name=said["name"],
        GroupName=said["group_name"],
        ScheduleExpression=said["schedule_expression"],
        State=said["state"],
        FlexibleTimeWindow=_pascal(window),
        Target={**_pascal(target), "RetryPolicy": _pascal(retries)},
    )
    return {}


def _ip_set(made: Made, said: Any) -> dict[str, Any]:
    addresses = made.ip_set(
        Name=said["name"],
        Scope=said["scope"],
        Description=said["description"],
        IPAddressVersion=said["ip_address_version"],
        Addresses=said["addresses"],
    )
    return {"arn": addresses}


def _web_acl(made: Made, said: Any) -> dict[str, Any]:
    (action,), (visible,) = said["default_action"], said["visibility_config"]
    web_acl = made.web_acl(
        Name=said["name"],
        Scope=said["scope"],
        Description=said["description"],
        DefaultAction=_waf(action),
        VisibilityConfig=_waf(visible),
        Rules=[_waf(each) for each in said["rule"]],
    )
    return {"arn": web_acl}


_WAF_WORDS = {
    "arn": "ARN",
    "cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled",
    "ip_set_reference_statement": "IPSetReferenceStatement",
}


def _waf(said: Mapping[str, Any]) -> dict[str, Any]:
    """Blocks as members: a block is a list of one."""
    return {
        _WAF_WORDS.get(name) or "".join(word.capitalize() for word in name.split("_")): (
            _waf(value[0]) if isinstance(value, list) else value
        )
        for name, value in said.items()
    }


def _association(made: Made, said: Any) -> dict[str, Any]:
    made.association(said["web_acl_arn"], said["resource_arn"])
    return {}


def _pascal(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name[:1].upper() + name[1:]: value for name, value in _camel(said).items()}


def _camel(said: Mapping[str, Any]) -> dict[str, Any]:
    return {camel_words(name): value for name, value in said.items()}


def camel_words(name: str) -> str:
    """``throttling_rate_limit`` as API Gateway writes it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _permission(made: Made, said: Any) -> dict[str, Any]:
    made.permission(
        said["statement_id"],
        FunctionName=said["function_name"],
        Action=said["action"],
        Principal=said["principal"],
        SourceArn=said["source_arn"],
    )
    return {}


MAKERS: Mapping[str, Callable[[Made, Any], dict[str, Any]]] = {
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_cloudwatch_log_group": _log_group,
    "aws_lambda_function": _function,
    "aws_dynamodb_table": _table,
    "aws_api_gateway_rest_api": _rest_api,
    "aws_api_gateway_deployment": _deployment,
    "aws_api_gateway_stage": _stage,
    "aws_api_gateway_method_settings": _method_settings,
    "aws_api_gateway_usage_plan": _usage_plan,
    "aws_api_gateway_api_key": _api_key,
    "aws_api_gateway_usage_plan_key": _usage_plan_key,
    "aws_scheduler_schedule_group": _schedule_group,
    "aws_scheduler_schedule": _schedule,
    "aws_wafv2_ip_set": _ip_set,
    "aws_wafv2_web_acl": _web_acl,
    "aws_wafv2_web_acl_association": _association,
    "aws_lambda_permission": _permission,
}
