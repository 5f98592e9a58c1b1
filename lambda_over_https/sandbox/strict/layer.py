"""The layer that makes moto as strict as AWS.

There is one module for each service, with its *checks* (before moto, by operation), its *amendments* of
moto's responses and, where moto cannot answer, its own *answers*. Codes, messages and HTTP statuses are
AWS's, as recorded there.
"""

import functools
import re
from collections.abc import Callable, Mapping

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, partitions, tag_limits
from lambda_over_https.sandbox.strict.apigateway import rules as apigateway
from lambda_over_https.sandbox.strict.dynamodb import rules as dynamodb
from lambda_over_https.sandbox.strict.dynamodb import streams as dynamodb_streams
from lambda_over_https.sandbox.strict.dynamodb.expressions import serving
from lambda_over_https.sandbox.strict.dynamodb.reads import indexes, pages
from lambda_over_https.sandbox.strict.dynamodb.tables import updates as table_updates
from lambda_over_https.sandbox.strict.functions import layers, provisioned, urls
from lambda_over_https.sandbox.strict.logs import searches
from lambda_over_https.sandbox.strict.members import door
from lambda_over_https.sandbox.strict.rules import Rules
from lambda_over_https.sandbox.strict.services import (
    iam,
    lambda_,
    logs,
    tagging,
)

_RULES: Mapping[str, Rules] = {
    "apigateway": apigateway.RULES,
    "dynamodb": dynamodb.RULES,
    "dynamodbstreams": dynamodb_streams.RULES,
    "iam": iam.RULES,
    "lambda": lambda_.RULES,
    "logs": logs.RULES,
    "wafv2": Rules(every=[constraints.check, tag_limits.check]),
}

_NO_RULES = Rules(every=[constraints.check])


@functools.cache
def rules_of(service: str) -> Rules:
    """The rules of a service; those of the rarer services are loaded when the first call comes."""
    if service == "events":
        from lambda_over_https.sandbox.strict.services import events

        return events.RULES
    if service == "scheduler":
        from lambda_over_https.sandbox.strict.services import scheduler

        return scheduler.RULES
    if service == "resourcegroupstaggingapi":
        from lambda_over_https.sandbox.strict.services import tag_calls

        return tag_calls.RULES
    return _RULES.get(service, _NO_RULES)


class Strict(Layer):
    """The layer that refuses what AWS refuses.

    Function URLs begin with ``https_url``. ``unpack`` raises AwsError for a zip that cannot be unpacked.
    ``allocated`` tells how many provisioned workers are ready.
    """

    def __init__(
        self, https_url: str, unpack: Callable[[bytes], object], allocated: provisioned.Allocated
    ) -> None:
        tagging.cover()
        serving.cover()
        indexes.cover()
        pages.cover()
        table_updates.cover()
        searches.cover()
        self._answers = {**urls.answers(https_url), **provisioned.answers(allocated)}
        self._answers["PublishLayerVersion"] = layers.publisher(unpack)

    def before(self, call: AwsCall) -> None:
        """Check the Region, the service's model, what the sandbox serves, then what exists."""
        lambda_backend(call.region)  # AwsError if there is no such Region
        rules = rules_of(call.service)
        for check in (partitions.check, *rules.every, door.check, *rules.checks.get(call.operation, ())):
            check(call)

    def instead(self, call: AwsCall, _: Inner) -> AwsResponse | None:
        """Answer the calls that moto cannot answer."""
        rules = rules_of(call.service)
        response = rules.answers.get(call.operation) or self._answers.get(call.operation)
        return response(call) if response else None

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Change moto's response to AWS's."""
        amend = rules_of(call.service).amendments.get(call.operation)
        if amend:
            amend(call, response)

    def reword(self, call: AwsCall, error: AwsError) -> AwsError:
        """Put moto's refusal into AWS's words."""
        for pattern, code, message, status in rules_of(call.service).wordings:
            match = re.fullmatch(pattern, error.message, re.DOTALL)
            if match:
                return AwsError(code, match.expand(message), status)
        return error
