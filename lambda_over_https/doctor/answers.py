"""Whether a deployment works."""

from collections.abc import Sequence
from contextlib import closing
from functools import cached_property

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Wrong
from lambda_over_https.hints import command
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.checks import Check, Operation, checks_by
from lambda_over_https.tutorial.own_handler import operations_for


class Answers:
    """What ``verify`` tests, by one way in after the other."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def _operations(self) -> Sequence[Operation]:
        """What the function is tested with: a handler of the user's own need not do everything."""
        return operations_for(self._stack)

    def by(self, way: str) -> str:
        """Wrong at the first check that fails: each may take its time limit."""
        with explained(), closing(checks_by(self._stack, way, self._operations)) as checks:
            for check in checks:
                if not check.ok:
                    raise Wrong(f"{check.name}: {check.detail}", _fix_for(self._stack, check))
        return f"all {len(self._operations)} operations are right"


def _fix_for(stack: Stack, failed: Check) -> str:
    if failed.status != 403 or "execute-api:Invoke" not in failed.detail:
        return command("loh logs")
    where = f"--rest-api-id {stack.id_of(Kind.REST_API)}"
    return (  # a resource policy keeps callers out until it is gone and that is deployed
        f"aws apigateway update-rest-api {where} --patch-operations op=replace,path=/policy,value="
        f" && aws apigateway create-deployment {where} --stage-name {STAGE}"
    )
