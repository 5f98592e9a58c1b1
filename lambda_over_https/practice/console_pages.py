"""The pages of AWS's web console that show what a step made."""

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.settings import AWS


def console_page(step: str, stack: Stack) -> str:
    """The URL of the page for a step (its number); empty without a console: sandbox, other endpoints."""
    place = stack.place
    if place.target != AWS or place.endpoint_url:
        return ""
    domain = {"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}.get(place.partition)
    root = f"https://{place.region}.console.{domain or 'aws.amazon.com'}"
    return f"{root}/{_path(step, stack)}"


def _path(step: str, stack: Stack) -> str:
    region, names = stack.place.region, stack.names
    if step == "2.2":
        return f"iam/home?region={region}#/roles/details/{names.role}"
    if step == "2.4":
        return f"dynamodbv2/home?region={region}#table?name={names.table}"
    api = stack.record(Kind.REST_API)
    if step in ("3.1", "3.2", "3.3", "3.4", "3.5") and api and api.id:
        page = "stages" if step == "3.5" else "resources"
        return f"apigateway/main/apis/{api.id}/{page}?api={api.id}&region={region}"
    tab = "?tab=permissions" if step == "3.6" else ""
    return f"lambda/home?region={region}#/functions/{names.function}{tab}"
