"""What PutItem, UpdateItem and DeleteItem can be asked to return. API reference of each, "ReturnValues"."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

_KNOWN = ("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
"""In the order in which AWS lists them."""


def check(call: AwsCall) -> None:
    """Only an update knows what is new. Messages are AWS's, as reports have them."""
    wanted = call.parameters.get("ReturnValues")
    if wanted is None:
        return
    if wanted not in _KNOWN:
        raise invalid(unsatisfied(wanted, "returnValues", one_of(_KNOWN)))
    if call.operation != "UpdateItem" and wanted not in ("ALL_OLD", "NONE"):
        raise invalid("ReturnValues can only be ALL_OLD or NONE")
