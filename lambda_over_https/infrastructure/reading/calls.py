"""From calls to resources: what each call makes, or adds to what an earlier one made.

Every call is either read here or told in ``left_out``: nothing is dropped without a word.
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.infrastructure import notes
from lambda_over_https.infrastructure.description import PARAMETER, PLACE, Ref, Resource, references
from lambda_over_https.infrastructure.reading.api import Api
from lambda_over_https.infrastructure.reading.identities import (
    MANAGER,
    Identity,
    local_name,
    stage_arn,
    stage_itself,
)
from lambda_over_https.infrastructure.reading.stage import stage_settings
from lambda_over_https.infrastructure.reading.symbols import Meanings, symbol
from lambda_over_https.kinds import Kind
from lambda_over_https.names import Names
from lambda_over_https.practice.rehearsal.rehearsing import PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Making:
    """A kind of call that makes a resource, and the parameter that names it there.

    ``owned``
        It has no name of its own: that parameter names what it belongs to.
    ``without``
        Parameters that mean something to this program only.
    """

    kind: Kind
    named: str
    owned: bool = False
    without: tuple[str, ...] = ()


MAKING: Mapping[str, Making] = {
    "CreateRole": Making(Kind.ROLE, "RoleName", without=("Tags",)),
    "PutRolePolicy": Making(Kind.ROLE_POLICY, "RoleName", owned=True),
    "CreateLogGroup": Making(Kind.LOG_GROUP, "logGroupName", without=("tags",)),
    "PutRetentionPolicy": Making(Kind.LOG_GROUP, "logGroupName"),
    "CreateFunction": Making(Kind.FUNCTION, "FunctionName", without=("Tags",)),
    "PutFunctionConcurrency": Making(Kind.FUNCTION, "FunctionName"),
    "CreateTable": Making(Kind.TABLE, "TableName", without=("Tags",)),
    "CreateRestApi": Making(Kind.REST_API, "name", without=("tags",)),
    "CreateDeployment": Making(Kind.STAGE, "restApiId", owned=True, without=("description",)),
    "CreateUsagePlan": Making(Kind.USAGE_PLAN, "name", without=("tags",)),
    "CreateApiKey": Making(Kind.API_KEY, "name", without=("tags",)),
    "CreateUsagePlanKey": Making(Kind.USAGE_PLAN_KEY, "keyId", owned=True),
    "CreateScheduleGroup": Making(Kind.SCHEDULE_GROUP, "Name", without=("Tags",)),
    "CreateSchedule": Making(Kind.SCHEDULE, "Name"),
    "CreateIPSet": Making(Kind.IP_SET, "Name", without=("Tags",)),
    "CreateWebACL": Making(Kind.WEB_ACL, "Name", without=("Tags",)),
    "AssociateWebACL": Making(Kind.WEB_ACL_ASSOCIATION, "WebACLArn", owned=True),
    "AddPermission": Making(Kind.PERMISSION, "SourceArn", owned=True),
}
"""By operation. A second call that names the same resource adds its parameters to it."""

_DOCUMENTS = frozenset({"AssumeRolePolicyDocument", "PolicyDocument"})
"""Parameters that are JSON in a text."""


class Reader:
    """Reads the calls of a stack of symbols, in their order."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._api = Api()
        self._meanings = Meanings()
        self._resources: dict[tuple[str, str], Resource] = {}

    def read(self, calls: Sequence[Call]) -> tuple[Resource, ...]:
        """The resources that the calls make."""
        needed = list(self._needed(calls))
        for call in needed:
            if call.operation in MAKING:
                self._learn(call)
        for call in needed:
            self._take(call)
        return tuple(self._known([self._whole(resource) for resource in self._resources.values()]))

    def _known(self, resources: list[Resource]) -> list[Resource]:
        """The resources but for those that need one that is not described, or one of these."""
        keys = {resource.key for resource in resources}
        lost = [resource for resource in resources if _refers_outside(resource, keys)]
        if not lost:
            return resources
        for each in lost:
            self.left_out.append(
                f"{each.kind} {each.local} (step {each.step}): it needs what is not included."
            )
        return self._known([resource for resource in resources if resource not in lost])

    def _learn(self, call: Call) -> None:
        identity = self._identity(call)
        for text, meaning in identity.spellings():
            self._meanings.learn(text, meaning)
        if identity.kind == Kind.STAGE:
            for name in ("stage", "stageName"):
                meaning = Ref(Kind.STAGE, identity.local, "name")
                self._meanings.learn_member(name, call.parameters["stageName"], meaning)
            arn = stage_arn(call.parameters["restApiId"], call.parameters["stageName"])
            self._meanings.learn(arn, Ref(Kind.STAGE, identity.local, "execution_arn"))
            itself = stage_itself(call.parameters["restApiId"], call.parameters["stageName"])
            self._meanings.learn(itself, Ref(Kind.STAGE, identity.local, "arn"))

    def _needed(self, calls: Sequence[Call]) -> Iterator[Call]:
        """All calls but the permissions that another one includes."""
        granted = [call for call in calls if call.operation == "AddPermission"]
        for call in calls:
            wider = next((each for each in granted if call in granted and _includes(each, call)), None)
            if wider is None:
                yield call
            else:
                names = [str(each.parameters["StatementId"]) for each in (call, wider)]
                self.left_out.append(f"The permission {names[0]} (step {call.step}): {names[1]} includes it.")

    def _take(self, call: Call) -> None:
        read = replace(call, parameters=self._meanings.read(call.parameters))
        if call.operation in MAKING:
            self._make(call, MAKING[call.operation])
        elif call.operation == "UpdateStage":
            self._set(call)
        elif not self._api.take(read):
            self.left_out.append(f"What {call.service} {call.operation} does (step {call.step}).")

    def _make(self, call: Call, making: Making) -> None:
        local = self._identity(call).local
        self._add(making.kind, local, call.step, dict(self._members(call, making)))

    def _add(self, kind: Kind, local: str, step: str, members: Mapping[str, Any], owner: str = "") -> None:
        earlier = self._resources.get((kind, local))
        if earlier:
            self._resources[kind, local] = replace(earlier, members={**earlier.members, **members})
        else:
            note = notes.note(kind, local)
            self._resources[kind, local] = Resource(kind, local, step, members, note, owner or local)

    def _set(self, call: Call) -> None:
        """Settings of the stage are members of it; those of a method are a resource."""
        patches = call.parameters["patchOperations"]
        where = self._meanings.read({name: call.parameters[name] for name in ("restApiId", "stageName")})
        settings = list(stage_settings(patches))
        if len(settings) < len(patches):
            self.left_out.append(f"Some of what UpdateStage sets (step {call.step}).")
        for path, verb, name, value in settings:
            if verb:
                members = {**where, "path": path, "verb": verb, name: value}
                self._add(Kind.METHOD_SETTINGS, verb.lower(), call.step, members, MANAGER)
            else:
                self._add(Kind.STAGE, MANAGER, call.step, {name: value})

    def _identity(self, call: Call) -> Identity:
        making = MAKING[call.operation]
        named = str(call.parameters[making.named])
        if making.kind is Kind.PERMISSION:
            return Identity(making.kind, named.split("/")[-2].lower(), "")
        if making.kind in (Kind.STAGE, Kind.WEB_ACL_ASSOCIATION):
            return Identity(making.kind, MANAGER, "")
        return Identity(making.kind, local_name(named), "" if making.owned else named)

    def _members(self, call: Call, making: Making) -> Iterator[tuple[str, Any]]:
        for name, value in call.parameters.items():
            if name in _DOCUMENTS:
                yield name, self._meanings.read(json.loads(value))
            elif name == making.named and not making.owned:
                yield name, self._meanings.own(value)
            elif name not in making.without:
                yield name, self._meanings.read(value)

    def _whole(self, resource: Resource) -> Resource:
        if resource.kind == Kind.STAGE and resource.members.get("cacheClusterEnabled"):
            return replace(resource, note=notes.CACHED)
        if resource.kind != Kind.REST_API:
            return resource
        body = self._api.document(resource.members["name"])
        return replace(resource, members={**resource.members, "body": body})


def _refers_outside(resource: Resource, keys: Set[tuple[str, str]]) -> bool:
    refs = (ref for ref in references(resource.members) if ref.kind not in (PARAMETER, PLACE))
    said = repr(resource.members)
    unread = PLACEHOLDER in said or any(symbol(each.name) in said for each in fields(Names))
    return unread or any((ref.kind, ref.local) not in keys for ref in refs)


def _includes(wide: Call, narrow: Call) -> bool:
    """Whether one permission grants all that another grants, and is another one."""
    same = ("FunctionName", "Action", "Principal")
    return (
        wide is not narrow
        and all(wide.parameters[name] == narrow.parameters[name] for name in same)
        and fnmatchcase(narrow.parameters["SourceArn"], wide.parameters["SourceArn"])
    )
