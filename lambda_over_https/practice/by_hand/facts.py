"""What a learner needs to know to do a step by hand: names, ids and values, but not the calls."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from lambda_over_https.aws import arns
from lambda_over_https.aws.policies.documents import TABLE_ACTIONS
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import HANDLER, METHOD, PATH_PART, STAGE, TABLE_KEY, TABLE_VARIABLE
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.tutorial.definition import TUTORIAL, Method
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.function.configuration import corrections, initial
from lambda_over_https.tutorial.steps.function.log_group import RETENTION_DAYS
from lambda_over_https.tutorial.steps.integration.integration import integration_uri
from lambda_over_https.tutorial.steps.permission import ACTION, PRINCIPAL, Permission
from lambda_over_https.tutorial.steps.role.trust import LAMBDA

Fact = tuple[str, str]
"""What it is, and its value."""


class Exact(str):
    """A value that is copied as it is: no line of a page ends in it, at a blank or anywhere."""

    __slots__ = ()


def facts_for(step: Step, stack: Stack) -> Sequence[Fact]:
    """The facts of a step; none for one that a learner cannot do by hand."""
    told = _FACTS.get(step.name)
    return told(step, stack) if told else ()


def _role(_: Step, stack: Stack) -> Sequence[Fact]:
    return (
        ("role", stack.names.role),
        ("who may assume it", f"the service {LAMBDA} (sts:AssumeRole)"),
        ("inline policy", stack.names.policy),
        ("it allows", " ".join(TABLE_ACTIONS) if not stack.choices.tutorial_policy else "see hint 3"),
        ("on the table", stack.table_arn),
        ("and", "logs:CreateLogStream logs:PutLogEvents"),
        ("on the log group", arns.log_streams(stack.log_group_arn)),
    )


def _function(_: Step, stack: Stack) -> Sequence[Fact]:
    return (
        ("log group", f"{stack.names.log_group}, kept {RETENTION_DAYS} days"),
        ("function", stack.names.function),
        ("runtime", RUNTIMES[stack.choices.runtime]),
        ("handler", HANDLER),
        ("role", stack.role_arn),
        ("package", f"fileb://{stack.archive.name}"),
        ("fileb:// means", "the bytes of a file; at the prompt here the file's name is enough"),
        ("in another terminal", Exact(shlex.quote(f"fileb://{stack.archive}"))),
        ("variable", f"{TABLE_VARIABLE} = {stack.names.table}"),
        ("as aws takes it", Exact(f"--environment 'Variables={{{TABLE_VARIABLE}={stack.names.table}}}'")),
        ("not needed", f"{', '.join(_free(stack))}: they may stay as AWS sets them"),
    )


def _free(stack: Stack) -> list[str]:
    """The members that CreateFunction gets in the tutorial, and that a learner may leave out."""
    return [member for member in initial(stack) if member not in corrections(stack, {})]


def _table(_: Step, stack: Stack) -> Sequence[Fact]:
    return (
        ("table", stack.names.table),
        ("partition key", f"{TABLE_KEY}, a string (S)"),
        ("paid", "on demand, for each request"),
    )


def _api(_: Step, stack: Stack) -> Sequence[Fact]:
    return ("API", stack.names.api), ("endpoint type", "REGIONAL")


def _resource(_: Step, stack: Stack) -> Sequence[Fact]:
    api = stack.record(Kind.REST_API)
    root = api.detail.get("root_resource_id", "") if api else ""
    return (*_ids(stack), ("its parent, the root /", root), ("path part", PATH_PART))


def _method(_: Step, stack: Stack) -> Sequence[Fact]:
    return (*_ids(stack), ("verb", METHOD), ("authorization", "NONE: anyone may call"))


def _integration(_: Step, stack: Stack) -> Sequence[Fact]:
    (method,) = (each for each in TUTORIAL.methods if each.verb == METHOD)
    return (
        *_ids(stack),
        ("type", "AWS, called with POST"),
        ("it leads to", integration_uri(stack)),
        ("answers", "a method response and an integration response for each status, with pattern and body"),
        *((f"pattern of {each.status}", _copied(each.pattern)) for each in method.responses),
        *((f"body of {statuses}", _copied(template)) for template, statuses in _bodies(method)),
    )


def _bodies(method: Method) -> Iterator[tuple[str, str]]:
    """Each template of a body, and the statuses that it is for."""
    for template in dict.fromkeys(each.template for each in method.responses):
        yield template, ", ".join(each.status for each in method.responses if each.template == template)


def _copied(value: str) -> str:
    return Exact(value) if value else "none"


def _deployment(_: Step, stack: Stack) -> Sequence[Fact]:
    return (*_ids(stack)[:1], ("stage", STAGE))


def _permission(step: Step, stack: Stack) -> Sequence[Fact]:
    statements = [part for part in step.parts(stack) if isinstance(part, Permission)]
    return (
        ("function", stack.names.function),
        ("principal", PRINCIPAL),
        ("action", ACTION),
        *((f"statement {each.name(stack)}", each.source_arn(stack)) for each in statements),
    )


def _ids(stack: Stack) -> Sequence[Fact]:
    known = ((Kind.REST_API, "API id"), (Kind.RESOURCE, "resource id"))
    return [(label, record.id) for kind, label in known if (record := stack.record(kind))]


_FACTS: Mapping[str, Callable[[Step, Stack], Sequence[Fact]]] = {
    "role": _role,
    "function": _function,
    "table": _table,
    "api": _api,
    "resource": _resource,
    "method": _method,
    "integration": _integration,
    "deployment": _deployment,
    "permission": _permission,
}
