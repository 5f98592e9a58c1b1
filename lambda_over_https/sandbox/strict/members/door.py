"""The check at the door: what the tables do not name is refused, in one form of words."""

from collections.abc import Mapping
from typing import Final

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.members import (
    apigateway,
    dynamodb,
    events,
    iam,
    lambda_,
    logs,
    wafv2,
)
from lambda_over_https.sandbox.strict.members.table import Served, Service, refused_members

SERVICES: Final[Mapping[str, Service]] = {
    "apigateway": apigateway.SERVICE,
    "dynamodb": dynamodb.SERVICE,
    "dynamodbstreams": dynamodb.STREAMS,
    "events": events.EVENTS,
    "iam": iam.IAM,
    "lambda": lambda_.SERVICE,
    "logs": logs.SERVICE,
    "resourcegroupstaggingapi": events.TAGGING,
    "scheduler": events.SCHEDULER,
    "sts": iam.STS,
    "wafv2": wafv2.SERVICE,
}
"""The tables, by botocore's names of the services."""

OTHERWISE: Final = "leave it out, or use AWS itself for it"


def check(call: AwsCall) -> None:
    """Refuse an operation or a member that the table of its service does not name: NotImplemented, 501."""
    service = SERVICES[call.service]
    served = service.operations.get(call.operation)
    if served is None:
        raise _refusal(f"{call.operation} of {service.name}", instead_of(service, call.operation))
    for path in refused_members(served.tree, call.parameters):
        raise _refusal(f"{path} of {call.operation}", instead_of(service, path, served))


def instead_of(service: Service, path: str, served: Served | None = None) -> str:
    """What to do instead of that operation or member: the end of a sentence."""
    parts = path.split(".")
    names = [path, *reversed(parts)]
    known = next((service.instead[name] for name in names if name in service.instead), None)
    values = (served.only if served else {}).get(path)
    return known or (f"the only possible value is {values}" if values else OTHERWISE)


def _refusal(what: str, instead: str) -> AwsError:
    return AwsError("NotImplemented", f"Not in this sandbox: {what}. {instead[0].upper()}{instead[1:]}.", 501)
