"""What somebody has put on a role of ours that takes permissions from it: a boundary, a policy that denies.

A role may do what one of its policies allows, if its boundary allows it too and nothing denies it (IAM user
guide, "Policy evaluation logic"). Whether a condition holds is not known: a Deny with one may never apply.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.policies.documents import Document, listed
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Remark, Wrong
from lambda_over_https.tutorial.steps.role.policy import InlinePolicy

_FAILS = {
    "dynamodb": "requests that use the table fail with AccessDenied",
    "logs": "the function's lines are not logged",
    "lambda": "the schedule cannot call the function",
}
"""What follows where the role may not use a service, by the service."""

Grant = tuple[str, str]
"""An action and the resource that it is for."""


class Limits:
    """What keeps one role of ours from what our policy in it allows."""

    def __init__(self, stack: Stack, policy: InlinePolicy) -> None:
        self._iam = stack.cloud.iam
        self._ours, self.role = policy.name(stack), policy.role(stack)
        self._chosen = stack.choices.permissions_boundary
        # The tutorial's own policy allows every table: what counts is what the function needs.
        narrow = replace(stack, choices=replace(stack.choices, tutorial_policy=False))
        self._needed = list(_grants(policy.document(narrow)))

    def boundary(self) -> str:
        """Its permissions boundary, a Remark if nobody chose it; Wrong if it does not allow what we need."""
        with explained():
            role = self._iam.get_role(RoleName=self.role)["Role"]
            arn = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
            if not arn or arn == self._chosen:
                return arn or "none"
            document = self._managed(arn)
        fix = f"aws iam delete-role-permissions-boundary --role-name {self.role}"
        if document is None:
            unread = "and you may not read it; if requests fail because of it"
            return Remark(f"somebody set {arn}, {unread}: {fix}")
        if refused := [each for each in self._needed if not _bounds(document, each)]:
            raise Wrong(f"somebody set {arn}, which does not allow {_told(refused)}", fix)
        return Remark(f"somebody set {arn}, which allows what is needed")

    def policies(self) -> str:
        """What others put on it, a Remark if there is any; Wrong at a policy that denies what we need."""
        remarks = []
        with explained():
            for name, fix, document in self._others():
                if document is None:
                    remarks.append(f"{name} (you may not read it)")
                    continue
                refused = [each for each in self._needed if _denies(document, each)]
                if always := [each for each in refused if _denies(document, each, always=True)]:
                    raise Wrong(f"{name}, which somebody put on it, denies {_told(always)}", fix)
                denied = f" (where its condition holds it denies {_told(refused)})" if refused else ""
                remarks.append(f"{name}{denied}")
        return Remark(f"somebody added {', '.join(remarks)}") if remarks else "ours alone"

    def _others(self) -> Iterator[tuple[str, str, Document | None]]:
        """Each policy beside ours: what it is called, how it is taken off, and what it says."""
        iam, role = self._iam, self.role
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            if name != self._ours:
                found: Any = iam.get_role_policy(RoleName=role, PolicyName=name)
                fix = f"aws iam delete-role-policy --role-name {role} --policy-name {name}"
                yield f"the inline policy {name}", fix, found["PolicyDocument"]
        for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            arn = each["PolicyArn"]
            fix = f"aws iam detach-role-policy --role-name {role} --policy-arn {arn}"
            yield f"the policy {arn}", fix, self._managed(arn)

    def _managed(self, arn: str) -> Document | None:
        """What a managed policy says; None if we may not read it: ``loh policy`` does not ask for that."""
        iam = self._iam
        try:
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found: Any = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        except iam.exceptions.ClientError:
            return None
        document: Document = found["Document"]
        return document


def _grants(document: Document) -> Iterator[Grant]:
    """What a policy of ours allows."""
    for each in document["Statement"]:
        yield from ((action, each["Resource"]) for action in listed(each["Action"]))


def _bounds(document: Document, needed: Grant) -> bool:
    """Whether a boundary allows it; the condition of an Allow is taken to hold."""
    allows = any(
        each["Effect"] == "Allow" and _covers(each, needed) for each in listed(document["Statement"])
    )
    return allows and not _denies(document, needed, always=True)


def _denies(document: Document, needed: Grant, *, always: bool = False) -> bool:
    """Whether a policy denies it; with ``always`` only a Deny without a condition counts."""
    denials = [each for each in listed(document["Statement"]) if each["Effect"] == "Deny"]
    return any(_covers(each, needed) for each in denials if not (always and "Condition" in each))


def _covers(statement: Document, needed: Grant) -> bool:
    """Whether a statement is about it. An action's case does not count (IAM user guide, "Action")."""
    action, resource = needed
    actions = {
        key: [each.lower() for each in listed(value)] for key, value in statement.items() if "Action" in key
    }
    return _names(actions, "Action", action.lower()) and _names(statement, "Resource", resource)


def _names(statement: Document, member: str, value: str) -> bool:
    excluded = f"Not{member}" in statement
    patterns = listed(statement[f"Not{member}" if excluded else member])
    return any(fnmatchcase(value, each) for each in patterns) is not excluded


def _told(refused: Sequence[Grant]) -> str:
    """The actions, and what follows from it."""
    actions = [action for action, _ in refused]
    said = ", ".join(actions[:2]) + (f" and {len(actions) - 2} more" if len(actions) > 2 else "")
    services = dict.fromkeys(action.partition(":")[0] for action in actions)
    return f"{said}: {', and '.join(_FAILS[each] for each in services)}"
