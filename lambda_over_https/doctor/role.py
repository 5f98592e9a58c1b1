"""What no step looks at in the function's role: whether it is still the same, and whom a lent one trusts."""

import json
import shlex
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Wrong
from lambda_over_https.hints import command
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import Standing
from lambda_over_https.tutorial.steps.role.trust import judge_trust


def identity(stack: Stack) -> str:
    """Wrong if it was created anew: a function keeps the id of the role that it was given."""
    record = stack.record(Kind.ROLE, stack.role_arn.rpartition("/")[2])
    live = _live_role(stack)
    if record and live and record.id != live["RoleId"] and stack.record(Kind.FUNCTION):
        raise Wrong("it was created again, and Lambda still knows the old one", command("loh run"))
    return "the one that the function was given"


def trust(stack: Stack) -> str:
    """Wrong if Lambda may not assume a lent role, which no step may correct."""
    live = _live_role(stack)
    standing, reason, _ = judge_trust(live["AssumeRolePolicyDocument"]) if live else (None, "", ())
    if standing is Standing.PARTIAL:
        update = f"aws iam update-assume-role-policy --role-name {live['RoleName']}"
        document = shlex.quote(json.dumps(trust_policy()))
        raise Wrong(reason, f"{update} --policy-document {document}")
    return "Lambda may assume the role"


def _live_role(stack: Stack) -> Any:
    iam = stack.cloud.iam
    with explained():
        try:
            return iam.get_role(RoleName=stack.role_arn.rpartition("/")[2])["Role"]
        except iam.exceptions.NoSuchEntityException:
            return None
