"""AWS WAF's lock tokens: each change and delete must bring the token that the last change answered.

The token that a recorded call brought may be of a call that the script leaves out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.selection import made_ids

TOKEN = "LockToken"  # noqa: S105  # the name of a parameter
"""The parameter, and the member of a create's answer; an update answers ``NextLockToken``."""


def with_newest(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls; each that brings a token brings that of the last one before it on the same resource."""
    tokens: dict[str, str] = {}
    for call in calls:
        resource = str(call.parameters.get("Id") or made_ids(call).get("Id", ""))
        known = TOKEN in call.parameters and resource in tokens
        yield _bringing(tokens[resource], call) if known else call
        answered = call.answer.get(f"Next{TOKEN}") or (call.answer.get("Summary") or {}).get(TOKEN)
        if answered:
            tokens[resource] = str(answered)


def _bringing(token: str, call: Call) -> Call:
    return replace(call, parameters={**call.parameters, TOKEN: token})
