"""ARNs of other partitions, such as ``arn:aws-cn:…``: what they name is never in this account.

That IAM refuses them, and in which words, is known from users in China, whose partition is the other one.
Where AWS's words are not known, the service's code for a wrong value stands with ours.
"""

import re
from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall, input_shape
from lambda_over_https.sandbox.model.errors import AwsError

OTHER = re.compile(r"arn:(aws-[a-z-]+):")
"""How an ARN of another partition begins."""

_ANYWHERE = re.compile(rb"arn(:|%3A)aws-")
_UNMODELLED = frozenset(
    {
        "uri",
        "credentials",
        "authorizerUri",
        "authorizerCredentials",
        "resourceArn",
        "value",
        "logGroupIdentifier",
    }
)
"""Members that can be ARNs without their shape saying so; ``value`` is that of a patch."""

_FREE = "SourceArn"
"""A function's policy may name as a source what is nowhere."""

_TOLD = {
    "apigateway": ("BadRequestException", "Invalid ARN specified in the request"),
    "iam": ("ValidationError", "Invalid ARN partition"),
    "sts": ("ValidationError", "Invalid ARN partition"),
    "lambda": ("InvalidParameterValueException", ""),
    "logs": ("InvalidParameterException", ""),
    "resourcegroupstaggingapi": ("InvalidParameterException", ""),
    "wafv2": ("WAFInvalidParameterException", ""),
}


def check(call: AwsCall) -> None:
    """Refuse an ARN of another partition, wherever the call has it."""
    request = call.request
    if not _ANYWHERE.search(request.body + f"{request.path}?{request.query}".encode()):
        return
    shape = input_shape(call.service, call.operation)
    for arn in _arns(shape, call.parameters, "") if shape else ():
        if other := OTHER.search(arn):
            code, message = _TOLD.get(call.service, ("ValidationException", ""))
            raise AwsError(code, message or f'Partition "{other[1]}" is not valid for "{arn}"')


def _arns(shape: Any, value: Any, name: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for each, member in shape.members.items():
            yield from _arns(member, value.get(each), each)
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _arns(shape.member, item, name)
    elif isinstance(value, str) and value.startswith("arn:") and _may_be_arn(shape, name):
        yield value


def _may_be_arn(shape: Any, name: str) -> bool:
    modelled = "arn" in f"{shape.name} {shape.metadata.get('pattern')}".lower()
    return name in _UNMODELLED or (modelled and name != _FREE)
