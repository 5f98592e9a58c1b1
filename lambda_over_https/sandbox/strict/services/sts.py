"""STS: only those whom a role's trust policy names can assume it."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import find_role
from lambda_over_https.sandbox.control.refusals import access_denied
from lambda_over_https.sandbox.iam.policy import trusts
from lambda_over_https.sandbox.iam.principals import OPERATOR
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.rules import Rules

_ACCOUNT_NAMES = (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", OPERATOR, "*")


def _trusted(call: AwsCall) -> None:
    """The trust policy must allow assuming the role and, for a session with tags, giving it those."""
    role_arn = call.parameters["RoleArn"]
    role = find_role(role_arn)
    asked = ("sts:AssumeRole", "sts:TagSession") if call.parameters.get("Tags") else ("sts:AssumeRole",)
    for action in asked:
        if role is None or not any(
            trusts(role.assume_role_policy_document, name, kind="AWS", action=action)
            for name in _ACCOUNT_NAMES
        ):
            message = f"User: {OPERATOR} is not authorized to perform: {action} on resource: {role_arn}"
            raise access_denied("sts", message)


RULES = Rules(every=[constraints.check], checks={"AssumeRole": [_trusted]})
