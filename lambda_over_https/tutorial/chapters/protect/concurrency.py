"""The function's reserved concurrency: how many runs of it there may be at once."""

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing

NAME = "protect"

RESERVED = 5
"""How many runs of the function there may be at once."""


class Concurrency(Part):
    """The function's reserved concurrency: a cap on runs at once, and so on what they can cost."""

    def name(self, stack: Stack) -> str:
        return stack.names.function

    def look(self, stack: Stack) -> Sighting:
        reserved = _reserved(stack)
        if reserved is None:
            return ABSENT
        if reserved != RESERVED:
            return Sighting(Standing.PARTIAL, f"it is {reserved}, not {RESERVED}", stack.names.function)
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
