"""WAF's refusals, in AWS's words."""

from lambda_over_https.sandbox.model.errors import AwsError

_COULD_NOT = "AWS WAF couldn\u2019t perform the operation because"
_MESSAGES = {
    "WAFAssociatedItemException": (
        f"{_COULD_NOT} your resource is being used by another resource or it\u2019s associated with another "
        "resource."
    ),
    "WAFDuplicateItemException": (
        f"{_COULD_NOT} some resource in your request is a duplicate of an existing one."
    ),
    "WAFNonexistentItemException": f"{_COULD_NOT} your resource doesn\u2019t exist.",
    "WAFOptimisticLockException": (
        "AWS WAF couldn\u2019t save your changes because someone changed the resource after you started to "
        "edit it. Reapply your changes."
    ),
}


def associated() -> AwsError:
    """Something still uses the item."""
    return _error("WAFAssociatedItemException")


def duplicate() -> AwsError:
    """There is an item of that name."""
    return _error("WAFDuplicateItemException")


def nonexistent() -> AwsError:
    """There is no such item."""
    return _error("WAFNonexistentItemException")


def outdated() -> AwsError:
    """The lock token is not the item's present one."""
    return _error("WAFOptimisticLockException")


def invalid(reason: str, field: str, parameter: object) -> AwsError:
    """A value is not valid; ``field`` is WAF's name for what it is a value of."""
    message = f"Error reason: {reason}, field: {field}, parameter: {parameter}"
    return AwsError("WAFInvalidParameterException", message)


def _error(code: str) -> AwsError:
    return AwsError(code, _MESSAGES[code])
