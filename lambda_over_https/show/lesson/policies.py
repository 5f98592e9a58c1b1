"""The policies in a step's calls, in short: who may use the role, and what it allows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.aws.policies.documents import listed
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.canvas.page import Line, Page, prose, prose_width
from lambda_over_https.transcript.words import as_document

POLICIES = {"AssumeRolePolicyDocument": "Trust policy", "PolicyDocument": "Inline policy"}
"""The members of IAM's calls that hold a policy, and what it is called in the lesson."""


def policy_lines(calls: Sequence[Call], page: Page) -> Iterator[Line]:
    """Each statement of each policy in a sentence, and a blank line; nothing where there is no policy."""
    told = [
        f"{title}: {_in_short(statement)}."
        for call in calls
        for member, title in POLICIES.items()
        for statement in _statements(call.parameters.get(member))
    ]
    for sentence in told:
        yield from prose(sentence, prose_width(page))
    if told:
        yield []


def _statements(value: Any) -> Sequence[Mapping[str, Any]]:
    document = as_document(value) if isinstance(value, str) else None
    found = document.get("Statement", []) if isinstance(document, Mapping) else []
    return [each for each in listed(found) if each.get("Effect") == "Allow" and each.get("Action")]


def _in_short(statement: Mapping[str, Any]) -> str:
    """``lambda.amazonaws.com may sts:AssumeRole``, or ``may dynamodb:GetItem, PutItem on table/T``."""
    principal = statement.get("Principal", {})
    who = ", ".join(listed(principal.get("Service", []))) if isinstance(principal, Mapping) else "anyone"
    service, _, first = listed(statement["Action"])[0].partition(":")
    others = [each.removeprefix(f"{service}:") for each in listed(statement["Action"])[1:]]
    resources = [each.split(":", 5)[-1] for each in listed(statement.get("Resource", []))]
    where = f" on {', '.join(resources)}" if resources else ""
    return f"{who} may {service}:{', '.join([first, *others])}{where}".strip()
