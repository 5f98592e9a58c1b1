"""Protect: who may call the API, how many runs there may be at once, and a firewall before all of it."""

import json
from collections.abc import Sequence
from dataclasses import replace

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.chapters.protect import firewall
from lambda_over_https.tutorial.chapters.protect.concurrency import CONCURRENCY, NAME
from lambda_over_https.tutorial.chapters.protect.policy import POLICY
from lambda_over_https.tutorial.definition import Api
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import Part


def _refuse(api: Api) -> Api:
    return replace(api, policy=json.dumps(POLICY))


def has_firewall(stack: Stack) -> bool:
    """Whether the deployment has the firewall: where it costs, only if that was agreed to."""
    return stack.place.on_this_machine or stack.choices.firewall


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
