"""EventBridge: rules by schedule and their targets, where moto accepts more than AWS does.

Events come from PutEvents alone: no service of the sandbox sends any.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import events_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.schedule.expressions import of_rule
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.rules import Rules

MOST_TARGETS = 5
"""The most targets of one rule (EventBridge quotas)."""

MAX_BYTES = 1_048_576
"""The most bytes that the entries of one PutEvents have together (its API reference: 1 MB)."""

_TIME_BYTES = 14
_FOREIGN = {
    "ErrorCode": "NotAuthorizedForSourceException",
    "ErrorMessage": "Not authorized for the source.",
}
_DEFAULT_BUS = "default"
_OPERATORS = frozenset(
    {"exists", "prefix", "suffix", "equals-ignore-case", "numeric", "anything-but", "cidr"}
)


def invalid(message: str) -> AwsError:
    """EventBridge's refusal."""
    return AwsError("ValidationException", message)


def _default_bus(call: AwsCall) -> None:
    name = str(call.parameters.get("EventBusName") or _DEFAULT_BUS).rpartition("/")[2]
    if name != _DEFAULT_BUS:
        if call.operation == "PutRule" and "ScheduleExpression" in call.parameters:
            raise invalid("ScheduleExpression is supported only on the default event bus.")
        raise NotImplementedError("event buses other than the default one")


def _schedule(call: AwsCall) -> None:
    text = call.parameters.get("ScheduleExpression")
    pattern = call.parameters.get("EventPattern")
    if not text and not pattern:
        raise invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if pattern:
        _pattern(pattern)
    if not text:
        return
    try:
        of_rule(str(text))
    except ValueError:
        raise invalid("Parameter ScheduleExpression is not valid.") from None


def _pattern(text: str) -> None:
    """An event pattern is a JSON object whose values are lists, or such objects."""
    try:
        pattern = json.loads(text)
    except (ValueError, RecursionError):
        pattern = None
    if not isinstance(pattern, dict) or not pattern:
        raise _no_pattern("Filter is not an object")
    _check_pattern(pattern)


def _check_pattern(pattern: Mapping[str, Any]) -> None:
    for name, value in pattern.items():
        if isinstance(value, dict):
            _check_pattern(value)
        elif not isinstance(value, list):
            raise _no_pattern(f'"{name}" must be an object or an array')
        elif not value:
            raise _no_pattern("Empty arrays are not allowed")
        for operator in (key for item in value if isinstance(item, dict) for key in item):
            if name != "$or" and operator not in _OPERATORS:
                raise NotImplementedError(f"the operator {operator} in an event pattern")


def _no_pattern(reason: str) -> AwsError:
    return AwsError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {reason}")


def put_rule(call: AwsCall) -> AwsResponse:
    """Answer PutRule. It sets the tags only of a new rule (its API reference); moto sets those of any."""
    backend, parameters = events_backend(call.region), call.parameters
    name = parameters["Name"]
    rule = backend.put_rule(
        name,
        description=parameters.get("Description"),
        role_arn=parameters.get("RoleArn"),
        event_pattern=parameters.get("EventPattern"),
        scheduled_expression=parameters.get("ScheduleExpression"),
        state=parameters.get("State"),
        tags=None if name in _rules(call) else parameters.get("Tags"),
    )
    return AwsResponse.json(200, {"RuleArn": rule.arn})


def _rules(call: AwsCall) -> Mapping[str, Any]:
    rules: Mapping[str, Any] = events_backend(call.region).event_buses[_DEFAULT_BUS].rules
    return rules


def _rule(call: AwsCall) -> Any:
    name = call.parameters["Rule"]
    rule = _rules(call).get(name)
    if rule is None:
        message = f"Rule {name} does not exist on EventBus {_DEFAULT_BUS}."
        raise AwsError("ResourceNotFoundException", message)
    return rule


def _targets(call: AwsCall) -> None:
    known = {target["Id"] for target in _rule(call).targets}
    for target in call.parameters["Targets"]:
        _target(target)
    if len(known | {target["Id"] for target in call.parameters["Targets"]}) > MOST_TARGETS:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def _target(target: Any) -> None:
    arn = target["Arn"]
    if not re.match(r"arn:[^:]+:[^:]+:", arn):
        raise invalid(f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.")
    if not re.match(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:", arn):
        raise NotImplementedError(f"targets other than Lambda functions ({arn})")
    try:
        json.loads(target.get("Input", "{}"))
    except (ValueError, RecursionError) as error:
        raise invalid(f"JSON syntax error in input for target {target['Id']} : {error}") from None


def put_events(call: AwsCall) -> AwsResponse:
    """Answer PutEvents: an entry that pretends to come from AWS fails, and the others are sent."""
    entries = call.parameters["Entries"]
    if sum(map(_size, entries)) > MAX_BYTES:
        raise invalid("Total size of the entries in the request is over the limit.")
    backend = events_backend(call.region)
    answers = [_FOREIGN if _foreign(each) else backend.put_events([each])[0] for each in entries]
    failed = sum("ErrorCode" in each for each in answers)
    return AwsResponse.json(200, {"FailedEntryCount": failed, "Entries": answers})


def _foreign(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("Source") or "").startswith("aws.")


def _size(entry: Mapping[str, Any]) -> int:
    """As the EventBridge guide counts it, "Calculating PutEvents event entry size"."""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    sizes = [len(text.encode(errors="replace")) for text in (*texts, *(entry.get("Resources") or ()))]
    return sum(sizes) + (_TIME_BYTES if entry.get("Time") else 0)


RULES = Rules(
    every=[constraints.check, _default_bus],
    checks={
        "PutRule": [_schedule, tag_limits.check],
        "PutTargets": [_targets],
        "TagResource": [tag_limits.beside(events_backend, "ResourceARN")],
        "RemoveTargets": [_rule],
        "ListTargetsByRule": [_rule],
    },
    answers={"PutEvents": put_events, "PutRule": put_rule},
    wordings=[
        (
            r"Rule (\S+) does not exist\.",
            "ResourceNotFoundException",
            rf"Rule \1 does not exist on EventBus {_DEFAULT_BUS}.",
            400,
        ),
    ],
)
