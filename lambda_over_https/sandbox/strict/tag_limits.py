"""The limits on tags that hold for every service: reserved keys, and how many tags a resource may have.

Tagging AWS resources user guide, "Tag naming limits and requirements". What services other than API Gateway
answer has not been recorded: the codes are theirs, the words API Gateway's.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.iam.requests.request_keys import tags_of
from lambda_over_https.sandbox.model.errors import AwsError

RESERVED = "aws:"
LIMIT = 50

_INVALID: Mapping[str, str] = {
    "apigateway": "BadRequestException",
    "dynamodb": "ValidationException",
    "events": "ValidationException",
    "iam": "InvalidInput",
    "lambda": "InvalidParameterValueException",
    "logs": "InvalidParameterException",
    "resourcegroupstaggingapi": "InvalidParameterException",
    "scheduler": "ValidationException",
    "wafv2": "WAFInvalidParameterException",
}


def check(call: AwsCall, present: Iterable[str] = ()) -> None:
    """Refuse tags over a limit. ``present`` are the keys that the resource has already."""
    keys, code = tags_of(call).keys(), _INVALID[call.service]
    if any(key.lower().startswith(RESERVED) for key in keys):
        raise AwsError(code, "Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)")
    if len(keys | set(present)) <= LIMIT:
        return
    if call.service == "iam":
        raise AwsError("LimitExceeded", f"Cannot exceed quota for TagsPerRole: {LIMIT}", 409)
    raise AwsError(code, "Number of tags exceeds resource tag limit.")


def beside(backend_of: Callable[[str], Any], member: str) -> Callable[[AwsCall], None]:
    """A check of the tags that a call adds to those that moto's backend of the Region keeps for an ARN.

    ``member`` is the member of the call that has the ARN.
    """

    def check_together(call: AwsCall) -> None:
        check(call, backend_of(call.region).tagger.get_tag_dict_for_resource(call.parameters[member]))

    return check_together
