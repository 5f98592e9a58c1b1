"""Keys: what calls the function asks for an API key, and a usage plan counts and limits each key."""

from dataclasses import replace

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import METHOD
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.chapters.keys.api_keys import KEYS, PLAN_KEYS
from lambda_over_https.tutorial.chapters.keys.usage_plan import NAME, USAGE_PLAN
from lambda_over_https.tutorial.checks import FORBIDDEN
from lambda_over_https.tutorial.definition import Api, Method, each_method
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.spreading import wait_until_served
from lambda_over_https.tutorial.ways import JSON


def _ask_for_a_key(api: Api) -> Api:
    return each_method(api, _with_a_key)


def _with_a_key(method: Method) -> Method:
    """What calls the function asks for a key; a preflight cannot bring one."""
    return replace(method, api_key=True) if method.integration == "AWS" else method


def _wait_until_asked(stack: Stack) -> None:
    """Wait until a request without a key is refused: until then every request passes, and none is counted."""
    headers = {"Content-Type": JSON}
    wait_until_served(stack, METHOD, headers, lambda answer: answer.status == FORBIDDEN)


CHAPTER = Chapter(
    outline=outline(NAME),
    change=_ask_for_a_key,
    parts=lambda _: (USAGE_PLAN, *KEYS, *PLAN_KEYS),
    act=_wait_until_asked,
    calls={
        "apigateway:CreateUsagePlan": needs("new usage plan", "apigateway:POST"),
        "apigateway:GetUsagePlan": needs("usage plan", "apigateway:GET"),
        "apigateway:UpdateUsagePlan": needs("usage plan", "apigateway:PATCH"),
        "apigateway:DeleteUsagePlan": needs("usage plan", "apigateway:DELETE"),
        "apigateway:CreateUsagePlanKey": needs("usage plan", "apigateway:POST"),
        "apigateway:GetUsagePlanKeys": needs("usage plan", "apigateway:GET"),
        "apigateway:GetUsagePlanKey": needs("usage plan", "apigateway:GET"),
        "apigateway:DeleteUsagePlanKey": needs("usage plan", "apigateway:DELETE"),
        "apigateway:GetUsage": needs("usage plan", "apigateway:GET"),
        "apigateway:UpdateUsage": needs("usage plan", "apigateway:PATCH"),
        "apigateway:GetApiKeys": needs("api keys", "apigateway:GET"),
        "apigateway:CreateApiKey": needs("new api key", "apigateway:POST"),
        "apigateway:GetApiKey": needs("api key", "apigateway:GET"),
        "apigateway:UpdateApiKey": needs("api key", "apigateway:PATCH"),
        "apigateway:DeleteApiKey": needs("api key", "apigateway:DELETE"),
    },
)
