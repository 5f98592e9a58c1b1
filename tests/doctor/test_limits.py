"""What somebody has put on our role: what is said of it, and what is wrong, in memory."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.doctor import Finding, Probe, examine
from lambda_over_https.doctor.limits import Limits
from lambda_over_https.tutorial.chapters.schedule.role import ROLE_POLICY as SCHEDULE_POLICY
from lambda_over_https.tutorial.steps.role.policy import ROLE_POLICY, InlinePolicy
from tests.kit.in_memory.patient import NAMES, Patient, told

ARN = "arn:aws:iam::123456789012:policy/guard"
TABLE = f"arn:aws:dynamodb:us-east-1:123456789012:table/{NAMES.table}"


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": "Deny", "Action": action, "Resource": resource, **more}}


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": "*", **more}]}


class Iam:
    """IAM with one role; ``managed`` is what its attached policy and its boundary say, None if unreadable."""

    exceptions = SimpleNamespace(ClientError=ClientError)

    def __init__(self, *, boundary: str = "", inline: Any = None, managed: Any = None) -> None:
        self._boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": boundary}} if boundary else {}
        self._inline, self._managed, self._attached = (
            inline,
            managed,
            [] if boundary else [{"PolicyArn": ARN}],
        )

    def get_role(self, RoleName: str) -> Any:  # noqa: N803
        return {"Role": self._boundary}

    def list_role_policies(self, RoleName: str) -> Any:  # noqa: N803
        ours = NAMES.schedule_policy if RoleName == NAMES.schedule_role else NAMES.policy
        return {"PolicyNames": [ours, *(["guard"] if self._inline else [])]}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> Any:  # noqa: N803
        return {"PolicyDocument": self._inline if PolicyName == "guard" else allow("*")}

    def list_attached_role_policies(self, RoleName: str) -> Any:  # noqa: N803
        return {"AttachedPolicies": self._attached if not self._inline else []}

    def get_policy(self, PolicyArn: str) -> Any:  # noqa: N803
        if self._managed is None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetPolicy")
        return {"Policy": {"DefaultVersionId": "v2"}}

    def get_policy_version(self, PolicyArn: str, VersionId: str) -> Any:  # noqa: N803
        assert VersionId == "v2"
        return {"PolicyVersion": {"Document": self._managed}}


def limits(
    folder: Path, iam: Iam, policy: InlinePolicy = ROLE_POLICY, chosen: str = ""
) -> dict[str, Finding]:
    stack = Patient(folder).desk.stack()
    cloud: Any = SimpleNamespace(iam=iam)
    choices = replace(stack.choices, tutorial_policy=True, permissions_boundary=chosen)
    looking = Limits(replace(stack, cloud=cloud, choices=choices), policy)
    probes = [Probe("boundary", looking.boundary), Probe("policies", looking.policies)]
    return {each.name: each for each in examine(probes)}


SOME = "dynamodb:DeleteItem, dynamodb:GetItem and"
NO_TABLE = "requests that use the table fail with AccessDenied"
NO_LINES = "the function's lines are not logged"


@pytest.mark.parametrize(
    ("document", "denied"),
    [
        (deny(), f"{SOME} 6 more: {NO_TABLE}, and {NO_LINES}"),
        (deny("DynamoDB:*", TABLE), f"{SOME} 4 more: {NO_TABLE}"),
        (deny(["s3:*", "dynamodb:Put*"], ["arn:aws:s3:::x", f"{TABLE}*"]), f"dynamodb:PutItem: {NO_TABLE}"),
        (deny("logs:PutLogEvents"), f"logs:PutLogEvents: {NO_LINES}"),
        (
            {"Statement": {"Effect": "Deny", "NotAction": "logs:*", "NotResource": f"{TABLE}x"}},
            f"{SOME} 4 more",
        ),
        (
            {"Statement": [deny("dynamodb:Scan")["Statement"], deny("logs:*", Condition={})["Statement"]]},
            f"dynamodb:Scan: {NO_TABLE}",
        ),
        (deny("s3:*"), ""),
        (deny("logs:CreateLogGroup"), ""),
        (deny("dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/another"), ""),
        (allow("*"), ""),
    ],
)
def test_a_policy_that_denies_what_the_function_needs_is_wrong_and_any_other_is_mentioned(
    tmp_path: Path, document: Any, denied: str
) -> None:
    role = f"--role-name {NAMES.role}"
    inline = limits(tmp_path, Iam(inline=document))["policies"]
    attached = limits(tmp_path, Iam(managed=document))["policies"]
    if not denied:
        assert (inline, attached) == (
            Finding("policies", True, "somebody added the inline policy guard", remark=True),
            Finding("policies", True, f"somebody added the policy {ARN}", remark=True),
        )
        return
    assert inline.what.startswith(f"the inline policy guard, which somebody put on it, denies {denied}")
    assert inline.fix == f"aws iam delete-role-policy {role} --policy-name guard"
    assert attached.what.startswith(f"the policy {ARN}, which somebody put on it, denies {denied}")
    assert attached.fix == f"aws iam detach-role-policy {role} --policy-arn {ARN}"


@pytest.mark.parametrize(
    ("document", "lost"),
    [
        (allow("s3:*"), f"{SOME} 6 more: {NO_TABLE}, and {NO_LINES}"),
        (allow("dynamodb:*"), f"logs:CreateLogStream, logs:PutLogEvents: {NO_LINES}"),
        ({"Statement": [*allow("*")["Statement"], deny("dynamodb:Scan")["Statement"]]}, "dynamodb:Scan"),
        (allow("*"), ""),
        (allow("*", Condition={"Bool": {"aws:SecureTransport": "true"}}), ""),
    ],
)
def test_a_boundary_that_keeps_the_function_from_what_it_needs_is_wrong(
    tmp_path: Path, document: Any, lost: str
) -> None:
    found = limits(tmp_path, Iam(boundary=ARN, managed=document))["boundary"]
    if lost:
        assert found.what.startswith(f"somebody set {ARN}, which does not allow {lost}")
        assert found.fix == f"aws iam delete-role-permissions-boundary --role-name {NAMES.role}"
    else:
        assert found == Finding(
            "boundary", True, f"somebody set {ARN}, which allows what is needed", remark=True
        )


def test_a_deny_on_a_condition_is_mentioned_with_what_it_may_deny(tmp_path: Path) -> None:
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    found = limits(tmp_path, Iam(inline=deny("dynamodb:Scan", Condition=elsewhere)))["policies"]
    denies = f"where its condition holds it denies dynamodb:Scan: {NO_TABLE}"
    said = f"somebody added the inline policy guard ({denies})"
    assert found == Finding("policies", True, said, remark=True)


def test_what_may_not_be_read_is_mentioned_and_what_was_chosen_is_not_looked_at(tmp_path: Path) -> None:
    unread = limits(tmp_path, Iam(boundary=ARN))["boundary"]
    assert (unread.ok, unread.remark) == (True, True)
    assert (
        "you may not read it; if requests fail because of it: aws iam delete-role-permissions" in unread.what
    )
    attached = limits(tmp_path, Iam())["policies"]
    assert attached.what == f"somebody added the policy {ARN} (you may not read it)"
    assert told(limits(tmp_path, Iam(boundary=ARN), chosen=ARN)["boundary"]) == (True, ARN, "")
    assert told(limits(tmp_path, Iam(boundary=""))["boundary"]) == (True, "none", "")
    assert told(limits(tmp_path, Iam(boundary=ARN))["policies"]) == (True, "ours alone", "")


def test_the_schedules_role_is_looked_at_for_what_a_schedule_needs(tmp_path: Path) -> None:
    wrong = limits(tmp_path, Iam(inline=deny("lambda:*")), SCHEDULE_POLICY)["policies"]
    assert wrong.what.endswith("denies lambda:InvokeFunction: the schedule cannot call the function")
    assert limits(tmp_path, Iam(inline=deny("dynamodb:*")), SCHEDULE_POLICY)["policies"].ok
