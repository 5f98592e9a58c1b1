"""The policy documents of users, groups, roles and managed policies: what they may say, and their length.

IAM user guide, "IAM and AWS STS quotas" and "IAM JSON policy elements: Sid"; reports of users (the messages).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import find_role_named, iam_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.partitions import OTHER

MANAGED_LIMIT = 6_144
"""Characters of a managed policy, without white space."""


def _user(name: str) -> Any:
    return iam_backend().users.get(name)


def _group(name: str) -> Any:
    return iam_backend().groups.get(name)


_SID = re.compile("[0-9A-Za-z]*")
_ELSEWHERE = re.compile(
    "apigateway:(Request|Resource)/(?!ApiName$).*|events:creatorAccount|iam:AssociatedResourceArn",
    re.IGNORECASE,
)
"""The Service Authorization Reference has these keys; no request has them here."""
_HOLDERS: Mapping[str, tuple[str, int, Callable[[str], Any]]] = {
    "PutRolePolicy": ("role", 10_240, find_role_named),
    "PutUserPolicy": ("user", 2_048, _user),
    "PutGroupPolicy": ("group", 5_120, _group),
}
"""By operation: who holds an inline policy, and the characters of all the holder's, without white space."""


def identity_policy(call: AwsCall) -> None:
    """Refuse a document that names a principal, a Sid that AWS does not take, or one that is too long.

    What is no policy at all is left to moto, which says so as AWS does.
    """
    document = call.parameters.get("PolicyDocument") or ""
    for statement in _statements(document):
        if "Principal" in statement or "NotPrincipal" in statement:
            raise malformed("Policy document should not specify a principal.")
        _check_partition(statement)
        _check_keys(statement)
        sid = statement.get("Sid")
        if isinstance(sid, str) and not _SID.fullmatch(sid):
            raise malformed(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
                "expression [0-9A-Za-z]*"
            )
    if call.operation in _HOLDERS:
        _check_inline(call, document)
    elif size(document) > MANAGED_LIMIT:
        raise too_long(f"Cannot exceed quota for PolicySize: {MANAGED_LIMIT}")


def _check_partition(statement: Mapping[str, Any]) -> None:
    """Resources of other partitions: moto takes any partition that there is (reports of users)."""
    resources = statement.get("Resource", statement.get("NotResource"))
    for resource in resources if isinstance(resources, list) else [resources]:
        if other := OTHER.match(str(resource)):
            raise malformed(f'Partition "{other[1]}" is not valid for resource "{resource}".')


def _check_keys(statement: Mapping[str, Any]) -> None:
    """Condition keys that calls have on AWS and not here: a statement with them would never count."""
    conditions = statement.get("Condition")
    for tests in conditions.values() if isinstance(conditions, Mapping) else ():
        for key in tests if isinstance(tests, Mapping) else ():
            if _ELSEWHERE.fullmatch(key):
                raise NotImplementedError(f"the condition key {key}. Try the condition on AWS.")


def _check_inline(call: AwsCall, document: str) -> None:
    kind, limit, find = _HOLDERS[call.operation]
    holder = find(call.parameters[f"{kind.capitalize()}Name"])
    if holder is None:
        return
    policies = {**holder.policies, call.parameters["PolicyName"]: document}
    if sum(map(size, policies.values())) > limit:
        raise too_long(f"Maximum policy size of {limit} bytes exceeded for {kind} {holder.name}")


def malformed(message: str) -> AwsError:
    """The refusal of a document that says what it may not."""
    return AwsError("MalformedPolicyDocument", message)


def too_long(message: str) -> AwsError:
    """The refusal of a document that is too long."""
    return AwsError("LimitExceeded", message, 409)


def size(document: str) -> int:
    """The characters that AWS counts: all but white space."""
    return len(re.sub(r"\s", "", document))


def _statements(document: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(document)["Statement"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, Mapping)]
