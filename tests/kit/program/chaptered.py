"""A census of an account in which an API may have been deployed anew: only that may differ."""

from typing import Any

from tests.kit.account.census import Census, census
from tests.kit.program.support import Account

_OF_A_DEPLOYMENT = frozenset({"deploymentId", "lastUpdatedDate", "createdDate"})


def deployed_anew(account: Account, only: str = "") -> Census:
    """The census, without what tells one deployment of the same API from another.

    Nor does it tell settings that are empty from those that are not there: to AWS they are the same.
    """
    found = census(account, only)
    for value in found.values():
        if "deployments" in value:  # an API
            value["api"] = _filled(value["api"])
            value["stages"] = [_filled(_without(each)) for each in value["stages"]]
            value["deployments"] = [_without(each) | {"id": None} for each in value["deployments"]]
            value["resources"] = _filled(value["resources"])
    return found


def _without(document: Any) -> Any:
    return {key: value for key, value in document.items() if key not in _OF_A_DEPLOYMENT}


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items() if each not in (None, "", {}, [])}
    return [_filled(each) for each in value] if isinstance(value, list) else value
