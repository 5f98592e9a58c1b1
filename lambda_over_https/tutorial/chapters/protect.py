"""Protect: who may call the API, how many runs there may be at once, and a firewall before all of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.chapters import firewall
from lambda_over_https.tutorial.definition import Api
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing

NAME = "protect"

REFUSED = "127.0.0.2"
"""The address on this machine that the policy refuses, for the experiment."""

REFUSED_NETWORKS = (f"{REFUSED}/32", "203.0.113.0/24")
"""What the policy refuses: nobody on the Internet has either (RFC 1122, RFC 5737)."""

RESERVED = 5
"""How many runs of the function there may be at once."""

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"IpAddress": {"aws:SourceIp": list(REFUSED_NETWORKS)}},
        },
    ],
}


def _refuse(api: Api) -> Api:
    return replace(api, policy=json.dumps(POLICY))


class Concurrency(Part):
    """The function's reserved concurrency: a cap on runs at once, and so on what they can cost."""

    def name(self, stack: Stack) -> str:
        return stack.names.function

    def look(self, stack: Stack) -> Sighting:
        reserved = _reserved(stack)
        if reserved is None:
            return ABSENT
        if reserved != RESERVED:
            return Sighting(Standing.PARTIAL, f"it is {reserved}", stack.names.function)
        return Sighting(Standing.OURS, id=stack.names.function)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        lambda_ = stack.cloud.lambda_
        try:
            lambda_.put_function_concurrency(
                FunctionName=stack.names.function, ReservedConcurrentExecutions=RESERVED
            )
        except lambda_.exceptions.InvalidParameterValueException as error:
            raise LohError(
                f"This account cannot reserve {RESERVED} runs at once for one function: "
                f"{error.response['Error']['Message']}",
                "New accounts have fewer runs at once, often 10, and some must stay free for all functions: "
                "ask for more in Service Quotas. Then give the same command again, or "
                "`loh chapter off protect`.",
            ) from error
        return Product(stack.names.function)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        if _reserved(stack) is None:
            return False
        stack.cloud.lambda_.delete_function_concurrency(FunctionName=stack.names.function)
        return True


def _reserved(stack: Stack) -> int | None:
    lambda_ = stack.cloud.lambda_
    try:
        found = lambda_.get_function_concurrency(FunctionName=stack.names.function)
    except lambda_.exceptions.ResourceNotFoundException:
        return None
    return found.get("ReservedConcurrentExecutions")


CONCURRENCY = Concurrency(
    kind=Kind.CONCURRENCY,
    owner=Kind.FUNCTION,
    creates=("lambda:PutFunctionConcurrency",),
    updates=("lambda:PutFunctionConcurrency",),
    removes=("lambda:DeleteFunctionConcurrency",),
    cascades=True,
    rests_on=(Kind.FUNCTION,),
    chapter=NAME,
    telling=False,
)


def has_firewall(stack: Stack) -> bool:
    """Whether the deployment has the firewall: where it costs, only if that was agreed to."""
    return stack.place.on_this_machine or bool(stack.choices.firewall)


def _parts(stack: Stack) -> Sequence[Part]:
    return (CONCURRENCY, *(firewall.PARTS if has_firewall(stack) else ()))


CHAPTER = Chapter(
    outline=outline(NAME),
    change=_refuse,
    parts=_parts,
    also=firewall.PARTS,
    calls={
        "apigateway:UpdateRestApi": (
            *needs("updated api", "apigateway:PATCH"),
            *needs("api itself", "apigateway:UpdateRestApiPolicy"),
        ),
        "lambda:GetFunctionConcurrency": needs("function", "lambda:GetFunctionConcurrency"),
        "lambda:PutFunctionConcurrency": needs("function", "lambda:PutFunctionConcurrency"),
        "lambda:DeleteFunctionConcurrency": needs("function", "lambda:DeleteFunctionConcurrency"),
        **firewall.CALLS,
    },
)
