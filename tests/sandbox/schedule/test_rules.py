"""EventBridge rules by schedule: what they take and refuse, and what runs."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, refused
from tests.kit.sandbox.schedules import Fire, Listener

EVERY_MINUTE = "rate(1 minute)"


def rule_arn(name: str) -> str:
    return f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"


def allow(aws: Clients, listener: Listener, rule: str, sid: str = "rule") -> None:
    """Let the rule invoke the function."""
    aws("lambda").add_permission(
        FunctionName=listener.arn,
        StatementId=sid,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule_arn(rule),
    )


@pytest.fixture
def rule(aws: Clients, unique: str, listener: Listener) -> str:
    """A rule that calls the function, and may."""
    events = aws("events")
    events.put_rule(Name=unique, ScheduleExpression="rate(365 days)")
    allow(aws, listener, unique)
    events.put_targets(Rule=unique, Targets=[{"Id": "1", "Arn": listener.arn}])
    return unique


def test_a_rule_runs_its_function_with_eventbridges_own_event(
    rule: str, listener: Listener, fire: Fire
) -> None:
    fire(rule)
    (event,) = listener.events(1)
    assert {name: event[name] for name in event if name not in ("id", "time")} == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "region": REGION,
        "resources": [rule_arn(rule)],
        "detail": {},
    }


def test_the_input_of_a_target_is_the_event(aws: Clients, rule: str, listener: Listener, fire: Fire) -> None:
    target = {"Id": "1", "Arn": listener.arn, "Input": '{"operation": "ping"}'}
    aws("events").put_targets(Rule=rule, Targets=[target])
    fire(rule)
    assert listener.events(1) == [{"operation": "ping"}]


def test_without_the_functions_permission_nothing_runs_and_nothing_says_so(
    aws: Clients, rule: str, listener: Listener, fire: Fire
) -> None:
    events, other = aws("events"), f"{rule}-other"
    events.put_rule(Name=other, ScheduleExpression="rate(365 days)")
    events.put_targets(Rule=other, Targets=[{"Id": "1", "Arn": listener.arn, "Input": '"no"'}])
    fire(other)
    fire(rule)
    assert [event["source"] for event in listener.events(1)] == ["aws.events"]
    allow(aws, listener, other, "other")
    fire(other)
    assert listener.events(2)[-1] == "no"


@pytest.mark.parametrize(
    "text", ["rate(1 minutes)", "rate(0 minutes)", "cron(71 8 1 * ? *)", "at(2030-01-01T00:00:00)"]
)
def test_what_is_no_rule(aws: Clients, unique: str, text: str) -> None:
    refusal = refused(aws("events").put_rule, Name=unique, ScheduleExpression=text)
    assert refusal == (400, "ValidationException", "Parameter ScheduleExpression is not valid.")


def test_what_the_sandbox_does_not_run_is_named(
    aws: Clients, unique: str, rule: str, listener: Listener
) -> None:
    events = aws("events")
    target = {"Id": "2", "Arn": listener.arn}
    refusals = [
        refused(events.put_rule, Name=unique, EventPattern='{"source": [{"wildcard": "a*"}]}'),
        refused(events.create_event_bus, Name=unique),
        refused(events.put_targets, Rule=rule, Targets=[{**target, "InputPath": "$.detail"}]),
        refused(
            events.put_targets, Rule=rule, Targets=[{**target, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}]
        ),
    ]
    assert {status for status, _, _ in refusals} == {501}
    named = (
        "wildcard in an event pattern",
        "CreateEventBus",
        "InputPath",
        "targets other than Lambda functions",
    )
    assert all(part in said for part, (_, _, said) in zip(named, refusals, strict=True))


def test_a_rule_has_five_targets_at_most(aws: Clients, rule: str, listener: Listener) -> None:
    targets = [{"Id": str(number), "Arn": listener.arn} for number in range(1, 7)]
    refusal = refused(aws("events").put_targets, Rule=rule, Targets=targets)
    assert refusal == (
        400,
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
    )
    aws("events").put_targets(Rule=rule, Targets=targets[:5])
    assert refused(aws("events").put_targets, Rule=rule, Targets=targets[5:])[1] == "LimitExceededException"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            {"Arn": "function"},
            "Parameter function is not valid. Reason: Provided Arn is not in correct format.",
        ),
        ({"Input": "{operation: ping}"}, "JSON syntax error in input for target 2"),
    ],
)
def test_what_is_no_target(
    aws: Clients, rule: str, listener: Listener, target: dict[str, Any], message: str
) -> None:
    whole = {"Id": "2", "Arn": listener.arn, **target}
    status, code, said = refused(aws("events").put_targets, Rule=rule, Targets=[whole])
    assert (status, code) == (400, "ValidationException")
    assert said.startswith(message)


def test_a_rule_with_targets_stays_and_a_missing_one_is_named(aws: Clients, rule: str) -> None:
    events = aws("events")
    stays = refused(events.delete_rule, Name=rule)
    assert stays == (400, "ValidationException", "Rule can't be deleted since it has targets.")
    events.remove_targets(Rule=rule, Ids=["1"])
    events.delete_rule(Name=rule)
    events.delete_rule(Name=rule)
    missing = (400, "ResourceNotFoundException", f"Rule {rule} does not exist on EventBus default.")
    for call, named in (
        (events.describe_rule, "Name"),
        (events.enable_rule, "Name"),
        (events.disable_rule, "Name"),
        (events.list_targets_by_rule, "Rule"),
    ):
        assert refused(call, **{named: rule}) == missing
    assert refused(events.remove_targets, Rule=rule, Ids=["1"]) == missing


def test_a_rule_gets_its_tags_when_it_is_new_and_the_tagging_api_finds_it(aws: Clients, unique: str) -> None:
    events, tag = aws("events"), {"Key": "owner", "Value": unique}
    arn = events.put_rule(Name=unique, ScheduleExpression=EVERY_MINUTE, Tags=[tag])["RuleArn"]
    events.put_rule(Name=unique, ScheduleExpression=EVERY_MINUTE, Tags=[{"Key": "late", "Value": "1"}])
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [tag]
    found = aws("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "owner", "Values": [unique]}], ResourceTypeFilters=["events:rule"]
    )
    assert [each["ResourceARN"] for each in found["ResourceTagMappingList"]] == [arn]


def test_an_event_that_matches_a_rules_pattern_runs_its_function(
    aws: Clients, unique: str, listener: Listener
) -> None:
    """EventBridge guide, "Event patterns" and "Event structure"."""
    events = aws("events")
    pattern = {"source": ["my.app"], "detail": {"size": [{"numeric": [">", 1]}]}}
    arn = events.put_rule(Name=unique, EventPattern=json.dumps(pattern))["RuleArn"]
    events.put_targets(Rule=unique, Targets=[{"Id": "1", "Arn": listener.arn}])
    aws("lambda").add_permission(
        FunctionName=listener.arn,
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=arn,
    )
    entries = [
        {"Source": source, "DetailType": "t", "Detail": json.dumps({"size": size})}
        for source, size in (("other.app", 2), ("my.app", 1), ("my.app", 2))
    ]
    assert events.put_events(Entries=entries)["FailedEntryCount"] == 0
    [event] = listener.events(1)
    assert (event["source"], event["detail-type"], event["detail"]) == ("my.app", "t", {"size": 2})
    assert (event["version"], event["account"]) == ("0", ACCOUNT)


def entry(source: str = "my.app", detail: str = "{}", **members: Any) -> dict[str, Any]:
    return {"Source": source, "DetailType": "t", "Detail": detail, **members}


def test_nobody_can_send_events_in_the_name_of_aws(aws: Clients) -> None:
    said = aws("events").put_events(Entries=[entry("aws.s3"), entry("awsome"), entry("my.app", "{")])
    assert said["FailedEntryCount"] == 2
    refusal = {
        "ErrorCode": "NotAuthorizedForSourceException",
        "ErrorMessage": "Not authorized for the source.",
    }
    assert said["Entries"][0] == refusal
    assert list(said["Entries"][1]) == ["EventId"]
    assert said["Entries"][2]["ErrorCode"] == "MalformedDetail"


def test_the_entries_of_a_request_have_a_mebibyte_at_most(aws: Clients) -> None:
    """API reference, PutEvents; EventBridge guide, "Calculating PutEvents event entry size"."""
    whole = 1_048_576 - len("my.app") - len("t")
    put, full = aws("events").put_events, json.dumps("x" * (whole - 2))
    assert put(Entries=[entry(detail=full)])["FailedEntryCount"] == 0
    message = "Total size of the entries in the request is over the limit."
    expected = (400, "ValidationException", message)
    assert refused(put, Entries=[entry(detail=full, Resources=["a"])]) == expected
    assert refused(put, Entries=[entry(detail=full), entry()]) == expected


@pytest.mark.parametrize("pattern", ["no", "[]", '{"source": []}', '{"source": "a"}'])
def test_what_is_no_event_pattern(aws: Clients, unique: str, pattern: str) -> None:
    status, code, _ = refused(aws("events").put_rule, Name=unique, EventPattern=pattern)
    assert (status, code) == (400, "InvalidEventPatternException")
