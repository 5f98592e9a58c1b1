"""Published versions of functions: their numbers, and when there is anything to publish.

Lambda guide, "Lambda function versions": numbers are never used again, even for a function that was deleted
and created anew; what is the same as the version published last is not published again.
"""

import copy
from collections import Counter
from typing import Any

from lambda_over_https.sandbox.control.functions.settings import logging_of

_ITS_OWN = frozenset({"FunctionArn", "LastModified", "LastUpdateStatus", "State", "Version"})
"""Members of a configuration in which a version is never like the function that it was published of."""


def publish(storage: Any, name_or_arn: str, description: str = "") -> Any:
    """Publish a version of the function in moto's ``storage``; the last one if nothing has changed since."""
    latest = storage.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
    versions = storage._functions[latest.function_name]["versions"]  # noqa: SLF001 - moto has no other way in
    numbers = vars(storage).setdefault("numbers_of_the_sandbox", Counter())
    last = versions[-1] if versions else None
    if last and last.version == numbers[latest.function_name] and last.content == _content(latest):
        return last
    numbers[latest.function_name] += 1
    made = copy.copy(latest)
    made.set_version(numbers[latest.function_name])
    made.description = description or latest.description
    note_published(latest, made)
    versions.append(made)
    storage._arns[made.function_arn] = made  # noqa: SLF001
    return made


def note_published(function: Any, version: Any) -> None:
    """Take note that moto's version is what the function is now."""
    version.content = _content(function)


def _content(function: Any) -> dict[str, Any]:
    configuration = function.get_configuration()
    kept = {name: value for name, value in configuration.items() if name not in _ITS_OWN}
    return {**kept, "LoggingConfig": logging_of(function)}
