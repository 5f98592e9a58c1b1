"""From all recorded calls, those that made what exists now: undone and replaced ones are left out.

All by general rules, from the calls themselves:

- A delete removes the earlier calls that its parameters identify, also those that name the resource by its
  ARN, as tags do. So does a second create of the same resource, since somebody else must have deleted the
  first one.
- A later call on the same resource takes the place of the earlier ones whose members it sets as well; but
  what a patch in the same place has prepared comes after that patch.
- A patch that removes all that an earlier one added takes that along, and goes itself.
- The calls of one step stand together, in the tutorial's order, though steps ran side by side.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.deployment.recorded.call import Call

_UNDO = ("Delete", "Remove", "Untag", "Detach", "Disassociate")
_REPLACE = ("Put", "Tag", "Update", "Associate", "CreateDeployment")
_MAKE = ("Create", "Add")
_APART = {
    ("Integration", "MethodResponse"),
    ("IntegrationResponse", "MethodResponse"),
    ("FunctionConcurrency", "Permission"),
}
"""Pairs that share parameters, of which deleting one does not delete the other."""
_INSIDE = {("Method", "Integration")}
"""Pairs with the same parameters, of which deleting the first deletes the second."""
_IDENTITY = ("name", "id", "method", "statuscode", "arn", "responsetype")
_BY_ARN = ("resource", "resourcearn")
"""Parameters that name, by its ARN, the resource that a call is about: one of any service."""
_OFF = {
    ("replace", "/cacheClusterEnabled", "false"): "/cacheCluster",
    ("replace", "/policy", ""): "/policy",
    ("replace", "/apiKeyRequired", "false"): "/apiKeyRequired",
}
"""Operations of a patch that take something away without saying so, and what the paths of that begin with."""
_SHORT = {"apiKey": "apiKeyId", "keyId": "apiKeyId"}
"""Parameters that are an id though their names do not say so, or not of what."""


def effective(
    calls: Sequence[Call], numbers: Sequence[str], chapters: Collection[str] | None = None
) -> list[Call]:
    """The calls that made what exists now, each step's together, in the order of ``numbers``.

    Calls that tested the function are included: those of the last command that tested it in that step. Where
    the ``chapters`` that are on are said, those of others are left out: what somebody else has removed of
    them, no call deletes.
    """
    kept: list[Call] = []
    for call in calls:
        if call.error or not call.changes:
            continue
        kept = _without(kept, call) if call.operation.startswith(_UNDO) else _with(kept, call)
    if chapters is not None:
        kept = [call for call in kept if call.chapter in ("", *chapters)]
    chosen = [*kept, *_last_tries(calls)]
    return [call for number in numbers for call in chosen if call.step == number]


def _without(kept: list[Call], delete: Call) -> list[Call]:
    created = any(each.operation == f"Create{_noun(delete)}" for each in kept)
    return [each for each in kept if not _undoes(delete, each, created)]


def _with(kept: list[Call], call: Call) -> list[Call]:
    undone = [each for each in kept if _takes_off(call, each)]
    if undone:
        return [each for each in kept if each not in undone]
    same = [index for index, each in enumerate(kept) if same_thing(call, each)]
    if same and call.operation.startswith(_REPLACE):
        last = same[-1] + 1
        stays = [each for each in kept[:last] if not (same_thing(call, each) and _sets_all_of(call, each))]
        if any(_prepares(each, call) for each in kept[last:]):
            return [*stays, *kept[last:], call]
        return [*stays, call, *kept[last:]]
    if same and call.operation.startswith(_MAKE):
        return [*_without(kept, _taken_away(kept[same[0]])), call]
    return [*kept, call]


def _prepares(update: Call, call: Call) -> bool:
    """Whether a patch is of the same place: a header is declared in the method before it is set there."""
    same_place = _identity(update.parameters) == _identity(call.parameters)
    return is_update(update) and update.service == call.service and same_place


def made_by(call: Call, calls: Sequence[Call]) -> bool:
    """Whether some of ``calls`` have made the same resource as ``call`` does, or else changed it afterwards.

    What a learner made by hand counts as the same: it may lack a description.
    """
    same = [each for each in calls if same_thing(call, each)]
    set_to = {name: value for each in same for name, value in _settings(each).items()}
    as_wanted = _settings(call).items() <= set_to.items() or any(each.by_hand for each in same)
    return bool(same) and (as_wanted or any(_changes(each, call) for each in calls))


def _settings(call: Call) -> Mapping[str, Any]:
    """The parameters of a call; of a patch, what it does to each path."""
    patch = {str(each.get("path")): each for each in call.parameters.get("patchOperations", ())}
    return {key: value for key, value in call.parameters.items() if key != "patchOperations"} | patch


def _changes(update: Call, made: Call) -> bool:
    """Whether a call changes what another one makes: UpdateMethod what PutMethod does."""
    if update.service != made.service or not update.operation.startswith(f"Update{_noun(made)}"):
        return False
    known = _identity({**made.parameters, **made_ids(made)})
    return not is_update(made) and _identity(update.parameters).items() <= known.items()


def is_update(call: Call) -> bool:
    """Whether a call changes some settings of a resource, and leaves the others alone."""
    return call.operation.startswith("Update")


def _sets_all_of(call: Call, earlier: Call) -> bool:
    return _members(earlier) <= _members(call)


def _members(call: Call) -> set[str]:
    """What a call sets: an update may set one member, or patch one path, and leave the others alone."""
    return set(_settings(call)) if is_update(call) else set()


def _takes_off(later: Call, earlier: Call) -> bool:
    """Whether a patch removes all that an earlier one of the same resource set."""
    patch = later.parameters.get("patchOperations", ())
    removed = [path for each in patch if (path := _removed(each))]
    if not removed or len(removed) < len(patch) or not same_thing(later, earlier):
        return False
    return all(
        any(each["path"].startswith(path) for path in removed)
        for each in earlier.parameters.get("patchOperations", ())
    )


def _removed(operation: Mapping[str, str]) -> str:
    """What the paths begin with that an operation of a patch takes away; empty if it takes nothing away."""
    if operation["op"] == "remove":
        return operation["path"]
    return _OFF.get((operation["op"], operation["path"], str(operation.get("value"))), "")


def _taken_away(made: Call) -> Call:
    """The delete of what a call made, by the id that it was given or else by its name."""
    return replace(made, operation=f"Delete{_noun(made)}", parameters=made_ids(made) or made.parameters)


def same_thing(one: Call, other: Call) -> bool:
    """Whether both are the same operation on the same resource."""
    same = (one.service, one.operation) == (other.service, other.operation)
    return same and _identity(one.parameters) == _identity(other.parameters)


def _identity(parameters: Mapping[str, Any]) -> dict[str, Any]:
    named = {_SHORT.get(key, key): value for key, value in parameters.items()}
    return {key: value for key, value in named.items() if key.lower().endswith(_IDENTITY)}


def _undoes(delete: Call, call: Call, created: bool) -> bool:
    """Whether the delete also deleted what the call made: the resource itself, a part of it, or a setting.

    A setting has the resource's own name; only a resource that was ``created`` has settings.
    """
    if _is_about(call, delete):
        return True
    if delete.service != call.service or not delete.parameters:
        return False
    gone, known = _identity(delete.parameters), _identity({**call.parameters, **made_ids(call)})
    if not gone or not gone.items() <= known.items():
        return False
    nouns = (_noun(delete), _noun(call))
    if nouns[0] == nouns[1] or nouns in _INSIDE:
        return True
    return (created or len(known) > len(gone)) and nouns not in _APART


def _is_about(call: Call, delete: Call) -> bool:
    """Whether a call names by an ARN what the delete has deleted, or a part of that.

    Of ``arn:aws:dynamodb:REGION:ACCOUNT:table/NAME`` the end has both the kind and the name.
    """
    gone, kind = _identity(delete.parameters).values(), _noun(delete).lower()
    for arn in (str(value) for key, value in call.parameters.items() if key.lower() in _BY_ARN):
        service, resource = [*arn.split(":", 5), *[""] * 5][2], arn.split(":", 5)[-1]
        if gone and service == delete.service and kind in resource.lower().replace("-", ""):
            return all(re.search(rf"(^|[:/]){re.escape(str(each))}($|[:/])", resource) for each in gone)
    return False


def _noun(call: Call) -> str:
    return re.sub(
        r"^(Create|Put|Add|Update|Tag|Delete|Remove|Untag|Attach|Detach|Associate|Disassociate)",
        "",
        call.operation,
    )


def made_ids(call: Call) -> dict[str, str]:
    """The id that a create answered, under the name by which other calls pass it: ``restApiId``."""
    made, summary = call.answer.get("id"), call.answer.get("Summary") or {}
    if "Id" in summary:  # AWS WAF's
        return {"Id": summary["Id"]}
    if not call.operation.startswith("Create") or not isinstance(made, str):
        return {}
    noun = _noun(call)
    return {f"{noun[0].lower()}{noun[1:]}Id": made}


def _last_tries(calls: Iterable[Call]) -> list[Call]:
    tried = [call for call in calls if call.tries and not call.error]
    last = {call.step: call.run for call in tried}
    chosen = [call for call in tried if last[call.step] == call.run]
    return [
        call for index, call in enumerate(chosen) if not any(_same(call, each) for each in chosen[:index])
    ]


def _same(one: Call, other: Call) -> bool:
    """Whether one command made the same test twice, as a drill does that repairs what it broke."""
    return (one.step, one.operation, one.parameters) == (other.step, other.operation, other.parameters)
