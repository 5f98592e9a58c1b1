"""EventBridge Scheduler: what it takes and refuses, and what runs."""

import datetime
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, keys_bound_to, policy, refused, trust_policy
from tests.kit.sandbox.schedules import Fire, Listener, Schedule, make_scheduler_role, schedule_arn

CANNOT_ASSUME = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def test_a_rate_schedule_runs_its_function_at_once_with_schedulers_own_event(
    aws: Clients, schedule: Schedule, listener: Listener, unique: str
) -> None:
    made = aws("scheduler").create_schedule(**schedule(ScheduleExpression="rate(1 minute)"))
    assert made["ScheduleArn"] == schedule_arn(unique)
    (event,) = listener.events(1)
    assert {name: event[name] for name in event if name not in ("id", "time")} == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "region": REGION,
        "resources": [schedule_arn(unique)],
        "detail": "{}",
    }
    assert datetime.datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S%z") >= NOW.replace(microsecond=0)


def test_the_input_is_the_event(
    aws: Clients, schedule: Schedule, listener: Listener, unique: str, fire: Fire
) -> None:
    told = json.dumps({"operation": "ping", "by": "<aws.scheduler.schedule-arn>"})
    aws("scheduler").create_schedule(**schedule({"Input": told}))
    fire(unique)
    assert listener.events(1) == [{"operation": "ping", "by": schedule_arn(unique)}]


def test_the_input_of_a_function_is_json(aws: Clients, schedule: Schedule, unique: str) -> None:
    """API reference, Target: for a Lambda target it must be well-formed JSON."""
    client, message = aws("scheduler"), "The Input of a Lambda target must be well-formed JSON."
    expected = (400, "ValidationException", message)
    assert refused(client.create_schedule, **schedule({"Input": "{operation: ping}"})) == expected
    client.create_schedule(**schedule({"Input": "5"}))
    assert refused(client.update_schedule, **schedule({"Input": "ping"})) == expected
    assert client.get_schedule(Name=unique)["Target"]["Input"] == "5"


def test_a_schedule_that_happens_once_can_leave_after_it(
    aws: Clients, schedule: Schedule, listener: Listener, unique: str
) -> None:
    client = aws("scheduler")
    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S")
    client.create_schedule(**schedule(ScheduleExpression=f"at({soon})", ActionAfterCompletion="DELETE"))
    assert listener.events(1)[0]["time"] == f"{soon}Z"
    assert refused(client.get_schedule, Name=unique)[:2] == (404, "ResourceNotFoundException")


@pytest.mark.parametrize("missing", ["right", "trust", "role", "function"])
def test_without_the_role_or_its_right_nothing_runs_and_nothing_says_so(
    aws: Clients, schedule: Schedule, listener: Listener, unique: str, missing: str, fire: Fire
) -> None:
    iam, client = aws("iam"), aws("scheduler")
    lame = make_scheduler_role(aws, f"{unique}-lame")
    there = {"RoleArn": lame}
    if missing == "function":
        there = {"Arn": f"{listener.arn}-gone"}
    client.create_schedule(**schedule(there, Name=f"{unique}-lame"))
    if missing in ("right", "role"):
        iam.delete_role_policy(RoleName=f"{unique}-lame", PolicyName="invoke")
    if missing == "role":
        iam.delete_role(RoleName=f"{unique}-lame")
    if missing == "trust":
        iam.update_assume_role_policy(RoleName=f"{unique}-lame", PolicyDocument=trust_policy())
    client.create_schedule(**schedule({"Input": '"right"'}))
    fire(f"{unique}-lame")
    fire(unique)
    assert listener.events(1) == ["right"]


@pytest.mark.parametrize(
    ("sources", "taken"),
    [(["group"], True), (["group", "other"], True), (["schedule"], False), (["other"], False)],
)
def test_a_trust_policy_may_name_the_schedule_group_but_not_the_schedule(
    aws: Clients, schedule: Schedule, unique: str, sources: list[str], taken: bool
) -> None:
    arns = {
        "group": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default",
        "schedule": schedule_arn(unique),
        "other": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/other",
    }
    document = json.loads(trust_policy("scheduler.amazonaws.com"))
    document["Statement"][0]["Condition"] = {
        "StringEquals": {"aws:SourceArn": [arns[source] for source in sources], "aws:SourceAccount": ACCOUNT}
    }
    role = make_scheduler_role(aws, f"{unique}-conditional", json.dumps(document))
    arguments = schedule({"RoleArn": role})
    if taken:
        aws("scheduler").create_schedule(**arguments)
        return
    refusal = refused(aws("scheduler").create_schedule, **arguments)
    assert refusal == (400, "ValidationException", CANNOT_ASSUME)


def test_a_role_must_exist_and_trust_scheduler(aws: Clients, schedule: Schedule, role: str) -> None:
    for wrong in (f"{role}-missing", role):
        refusal = refused(aws("scheduler").create_schedule, **schedule({"RoleArn": wrong}))
        assert refusal == (400, "ValidationException", CANNOT_ASSUME)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ScheduleExpression": "rate(foo minutes)"}, "Invalid Schedule Expression rate(foo minutes)."),
        (
            {"ScheduleExpression": "at(2020-01-01T00:00:00)"},
            "Invalid Schedule Expression at(2020-01-01T00:00:00).",
        ),
        ({"ScheduleExpressionTimezone": "Mars/Base"}, "Invalid Schedule Expression Timezone Mars/Base."),
        ({"StartDate": NOW - DAY}, "The StartDate you specify cannot be earlier than 5 minutes ago."),
        ({"EndDate": NOW - DAY}, "The EndDate you specify must be in the future, and after the StartDate."),
        ({"Name": "no spaces"}, "Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+"),
        ({"State": "PAUSED"}, "Member must satisfy enum value set: [ENABLED, DISABLED]"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes must be given"),
        (
            {"Target": {"Arn": "function", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}},
            "is not in correct format",
        ),
    ],
)
def test_what_is_no_schedule(aws: Clients, schedule: Schedule, changes: dict[str, Any], message: str) -> None:
    status, code, said = refused(aws("scheduler").create_schedule, **schedule(**changes))
    assert (status, code) == (400, "ValidationException")
    assert message in said


@pytest.mark.parametrize(
    ("target", "changes", "named"),
    [
        ({"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"}, {}, "targets other than Lambda functions"),
        ({"DeadLetterConfig": {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"}}, {}, "DeadLetterConfig"),
        ({}, {"KmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"}, "KmsKeyArn"),
    ],
)
def test_what_the_sandbox_does_not_run_is_named(
    aws: Clients, schedule: Schedule, target: dict[str, Any], changes: dict[str, Any], named: str
) -> None:
    status, code, said = refused(aws("scheduler").create_schedule, **schedule(target, **changes))
    assert (status, code) == (501, "NotImplemented")
    assert named in said


def test_schedules_and_groups_exist_once(aws: Clients, schedule: Schedule, unique: str) -> None:
    client = aws("scheduler")
    client.create_schedule_group(Name=unique)
    client.create_schedule(**schedule())
    client.create_schedule(**schedule(GroupName=unique))
    again = refused(client.create_schedule, **schedule(GroupName=unique))
    assert again == (409, "ConflictException", f"Schedule {unique} already exists.")
    again = refused(client.create_schedule_group, Name=unique)
    assert again == (409, "ConflictException", f"Schedule group {unique} already exists.")


def test_a_missing_schedule_or_group_is_named(aws: Clients, schedule: Schedule, unique: str) -> None:
    client = aws("scheduler")
    missing = (404, "ResourceNotFoundException", f"Schedule {unique} does not exist.")
    assert refused(client.get_schedule, Name=unique) == missing
    assert refused(client.delete_schedule, Name=unique) == missing
    assert refused(client.update_schedule, **schedule()) == missing
    no_group = (404, "ResourceNotFoundException", f"Schedule group {unique} does not exist.")
    assert refused(client.create_schedule, **schedule(GroupName=unique)) == no_group
    assert refused(client.get_schedule_group, Name=unique) == no_group
    assert refused(client.delete_schedule_group, Name=unique) == no_group
    assert refused(client.list_schedules, GroupName=unique) == no_group


def test_a_schedule_is_told_with_its_defaults_and_replaced_as_a_whole(
    aws: Clients, schedule: Schedule, unique: str
) -> None:
    client = aws("scheduler")
    client.create_schedule(**schedule(Description="first"))
    told = client.get_schedule(Name=unique)
    assert (told["State"], told["GroupName"], told["ScheduleExpressionTimezone"]) == (
        "ENABLED",
        "default",
        "UTC",
    )
    assert told["ActionAfterCompletion"] == "NONE"
    assert told["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    client.update_schedule(**schedule(State="DISABLED", ActionAfterCompletion="DELETE"))
    told = client.get_schedule(Name=unique)
    assert (told["State"], told["ActionAfterCompletion"]) == ("DISABLED", "DELETE")
    assert "Description" not in told
    (listed,) = client.list_schedules(NamePrefix=unique)["Schedules"]
    assert set(listed) == {
        "Arn",
        "CreationDate",
        "GroupName",
        "LastModificationDate",
        "Name",
        "State",
        "Target",
    }


def test_a_group_takes_its_schedules_along_and_the_default_one_stays(
    aws: Clients, schedule: Schedule, unique: str
) -> None:
    client = aws("scheduler")
    client.create_schedule_group(Name=unique)
    client.create_schedule(**schedule(GroupName=unique))
    client.delete_schedule_group(Name=unique)
    assert refused(client.get_schedule_group, Name=unique)[0] == 404
    assert not client.list_schedules(NamePrefix=unique)["Schedules"]
    assert refused(client.delete_schedule_group, Name="default")[:2] == (400, "ValidationException")


def test_groups_have_tags_and_schedules_have_none(aws: Clients, schedule: Schedule, unique: str) -> None:
    client, tagging = aws("scheduler"), aws("resourcegroupstaggingapi")
    tag = {"Key": "owner", "Value": unique}
    arn = client.create_schedule_group(Name=unique, Tags=[tag])["ScheduleGroupArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "more", "Value": "1"}])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [tag, {"Key": "more", "Value": "1"}]
    client.untag_resource(ResourceArn=arn, TagKeys=["more"])
    search = {"TagFilters": [{"Key": "owner", "Values": [unique]}], "ResourceTypeFilters": ["scheduler"]}
    assert tagging.get_resources(**search)["ResourceTagMappingList"] == [{"ResourceARN": arn, "Tags": [tag]}]
    made = client.create_schedule(**schedule(GroupName=unique))["ScheduleArn"]
    assert refused(client.tag_resource, ResourceArn=made, Tags=[tag])[:2] == (400, "ValidationException")
    client.delete_schedule_group(Name=unique)
    assert not tagging.get_resources(**search)["ResourceTagMappingList"]
    client.create_schedule_group(Name=unique)
    assert not client.list_tags_for_resource(ResourceArn=arn)["Tags"]


def test_who_creates_a_schedule_must_pass_its_role(
    aws: Clients, schedule: Schedule, unique: str, scheduler_role: str
) -> None:
    iam, document = aws("iam"), json.loads(policy("scheduler:*"))
    client = aws("scheduler", **keys_bound_to(iam, unique, json.dumps(document)))
    denied = r"is not authorized to perform: iam:PassRole on resource: .*-scheduler"
    with pytest.raises(ClientError, match=denied):
        client.create_schedule(**schedule())
    passing = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": scheduler_role,
        "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
    }
    document["Statement"].append(passing)
    iam.put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=json.dumps(document))
    client.create_schedule(**schedule())


def test_policies_can_name_schedules_and_groups(aws: Clients, unique: str) -> None:
    root, document = "arn:aws:scheduler:*:*:schedule", json.loads(policy("scheduler:*"))
    document["Statement"][0]["Resource"] = [f"{root}-group/{unique}", f"{root}/{unique}/*"]
    client = aws("scheduler", **keys_bound_to(aws("iam"), unique, json.dumps(document)))
    client.create_schedule_group(Name=unique, Tags=[{"Key": "owner", "Value": unique}])
    for call in (client.get_schedule_group, client.delete_schedule_group):
        assert refused(call, Name="default")[:2] == (403, "AccessDeniedException")
    assert refused(client.get_schedule, Name=unique)[:2] == (403, "AccessDeniedException")
    missing = refused(client.get_schedule, Name=unique, GroupName=unique)
    assert missing[:2] == (404, "ResourceNotFoundException")
    client.delete_schedule_group(Name=unique)


def test_a_groups_tags_are_its_schedules(aws: Clients, schedule: Schedule, unique: str) -> None:
    document = json.loads(policy("scheduler:*Schedule", "iam:PassRole"))
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:ResourceTag/owner": unique}}
    document["Statement"].append(json.loads(policy("iam:PassRole"))["Statement"][0])
    client = aws("scheduler", **keys_bound_to(aws("iam"), unique, json.dumps(document)))
    aws("scheduler").create_schedule_group(Name=unique, Tags=[{"Key": "owner", "Value": unique}])
    client.create_schedule(**schedule(GroupName=unique))
    client.delete_schedule(Name=unique, GroupName=unique)
    assert refused(client.create_schedule, **schedule())[:2] == (403, "AccessDeniedException")
