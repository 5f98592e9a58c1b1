"""What a class has in its account: one listing for each kind of resource, however many students there are.

Nothing is asked about a single student. What a listing shows besides names (tags, times) is all there is to
know, so what is inside an API stays unseen; a request to its URL, which is no call to AWS, tells more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.looks.listings import firewall_items, log_groups
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.engine.remove.removal import FATAL
from lambda_over_https.errors import LohError, UncertainError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import TAG_NAME, Names, names_for

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud


LONGEST_PATTERN = 24
"""Letters of a text in a pattern of ListLogGroups (its API reference)."""

LARGE = 100
"""Students of a class whose functions and tables fill several pages, so that a look saves calls elsewhere."""

TAGGED_PAGE = 100
"""Resources on a page of GetResources (API reference, ``ResourcesPerPage``)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a student; ``changed`` is when it was made or last changed, if the listing says so."""

    student: str
    kind: str
    name: str
    id: str
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What there is, and in words what is ``unseen``: kinds that AWS refuses to list.

    These credentials may not, or an endpoint that is not AWS does not know such things.
    """

    resources: Sequence[Resource]
    unseen: Sequence[str] = ()

    @property
    def gap(self) -> str:
        """What could not be seen, as a sentence; empty if everything was."""
        if not self.unseen:
            return ""
        return f"Not seen: {', '.join(self.unseen)}. AWS refuses to list them."


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists one kind of resource. Without one that is ``vital`` nothing true can be said of a student.

    ``service`` is the part of AWS that it belongs to, as ARNs name it, if nothing else there is ever made.
    """

    what: str
    read: "Callable[[Cloud, Mapping[str, Names]], Iterator[Resource]]"
    vital: bool = False
    service: str = ""


def resources_of(cloud: "Cloud", students: Iterable[Student]) -> Listed:
    """Everything that carries the students' names, of every kind that the tutorial or a chapter makes.

    Raises LohError if not even what the tutorial makes can be listed.
    """
    return _listed(cloud, students, LISTINGS)


def at_a_glance(cloud: "Cloud", students: Sequence[Student]) -> Listed:
    """What ``resources_of`` finds, for looks that come again and again; with fewer calls for a large class.

    Services in which AWS's tags show nothing of ours are then not listed. All that is shown was listed: tags
    name what is gone for up to an hour, and what was just made not at once. So a chapter's firewall or
    schedule may be seen a look later, and a proof that nothing is left may not rest on this.
    """
    if len(students) <= LARGE:
        return resources_of(cloud, students)
    used = _services_used(cloud)
    return _listed(cloud, students, [each for each in LISTINGS if not each.service or each.service in used])


def _services_used(cloud: "Cloud") -> set[str]:
    """Of the services that may have nothing of ours, those that have; all if AWS refuses to tell."""
    asked = {each.service for each in LISTINGS if each.service}
    filters = {"ResourceTypeFilters": sorted(asked), "TagFilters": [{"Key": TAG_NAME}]}
    used = set[str]()
    try:
        with explained():
            for each in pages(
                cloud.tagging, "get_resources", "ResourceTagMappingList", TAGGED_PAGE, **filters
            ):
                used.add(each["ResourceARN"].split(":")[2])
                if used == asked:
                    break
    except FATAL:
        raise
    except LohError:
        return asked
    return used


def _listed(cloud: "Cloud", students: Iterable[Student], listings: Sequence[Listing]) -> Listed:
    names = {each.name: names_for(each.deployment) for each in students}
    with explained(), ThreadPoolExecutor(len(listings)) as pool:
        running = [pool.submit(copy_context().run, _one_kind, each, cloud, names) for each in listings]
        answers = [done.result() for done in running]
    unseen = [each.what for each, found in zip(listings, answers, strict=True) if found is None]
    return Listed([each for found in answers for each in found or ()], unseen)


def _one_kind(listing: Listing, cloud: "Cloud", names: Mapping[str, Names]) -> list[Resource] | None:
    """What there is; None if AWS refuses to list it."""
    try:
        with explained():
            return list(listing.read(cloud, names))
    except (*FATAL, UncertainError):
        raise
    except LohError:
        if listing.vital:
            raise
        return None


def pages(client: Any, operation: str, key: str, size: int, **parameters: Any) -> Iterator[Any]:
    """What a call that gives pages of ``size`` has under ``key``, page after page."""
    paging = {"PageSize": size}
    for page in client.get_paginator(operation).paginate(**parameters, PaginationConfig=paging):
        yield from page[key]


def _by(names: Mapping[str, Names], field: Callable[[Names], str]) -> dict[str, str]:
    """The students by the name of one of their resources."""
    return {field(each): student for student, each in names.items()}


def _roles(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = {**_by(names, lambda each: each.role), **_by(names, lambda each: each.schedule_role)}
    for role in pages(cloud.iam, "list_roles", "Roles", 1000):
        if student := own.get(role["RoleName"]):
            kind = Kind.ROLE if role["RoleName"] == names[student].role else Kind.SCHEDULE_ROLE
            yield Resource(student, kind, role["RoleName"], role["RoleId"], role["CreateDate"])


def _functions(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.function)
    for function in pages(cloud.lambda_, "list_functions", "Functions", 50):
        if student := own.get(function["FunctionName"]):
            changed = datetime.fromisoformat(function["LastModified"])
            name = function["FunctionName"]
            yield Resource(student, Kind.FUNCTION, name, function["FunctionArn"], changed)


def _tables(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.table)
    for table in pages(cloud.dynamodb, "list_tables", "TableNames", 100):
        if student := own.get(table):
            yield Resource(student, Kind.TABLE, table, table)


def _apis(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    """Names of REST APIs are not unique: the tag decides, or else the name."""
    by_tag, by_name = _by(names, lambda each: each.deployment), _by(names, lambda each: each.api)
    for api in pages(cloud.apigateway, "get_rest_apis", "items", 500):
        tag = api.get("tags", {}).get(TAG_NAME)
        if student := by_tag.get(tag) if tag else by_name.get(api["name"]):
            yield Resource(student, Kind.REST_API, api["name"], api["id"], api["createdDate"])


def _log_groups(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.log_group)
    first = f"^{_common_prefix(own)[:LONGEST_PATTERN]}"
    for group in log_groups(cloud.logs, first):
        if student := own.get(group["logGroupName"]):
            yield Resource(student, Kind.LOG_GROUP, group["logGroupName"], group["logGroupArn"])


def _common_prefix(names: Iterable[str]) -> str:
    ordered = sorted(names)  # what the first and the last have in common, all have
    same = takewhile(lambda pair: pair[0] == pair[1], zip(ordered[0], ordered[-1], strict=False))
    return "".join(letter for letter, _ in same)


def _usage_plans(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.usage_plan)
    for plan in pages(cloud.apigateway, "get_usage_plans", "items", 500):
        if student := own.get(plan["name"]):
            yield Resource(student, Kind.USAGE_PLAN, plan["name"], plan["id"])


def _api_keys(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = {key: student for student, each in names.items() for key in each.api_keys}
    for key in pages(cloud.apigateway, "get_api_keys", "items", 500):
        if student := own.get(key["name"]):
            yield Resource(student, Kind.API_KEY, key["name"], key["id"])


def _schedule_groups(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.schedule_group)
    for group in pages(cloud.scheduler, "list_schedule_groups", "ScheduleGroups", 100):
        if student := own.get(group["Name"]):
            yield Resource(student, Kind.SCHEDULE_GROUP, group["Name"], group["Arn"], group["CreationDate"])


def _web_acls(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.firewall)
    for acl in firewall_items(cloud.wafv2, "WebACLs"):
        if student := own.get(acl["Name"]):
            yield Resource(student, Kind.WEB_ACL, acl["Name"], acl["Id"])


def _ip_sets(cloud: "Cloud", names: Mapping[str, Names]) -> Iterator[Resource]:
    own = _by(names, lambda each: each.blocked_addresses)
    for addresses in firewall_items(cloud.wafv2, "IPSets"):
        if student := own.get(addresses["Name"]):
            yield Resource(student, Kind.IP_SET, addresses["Name"], addresses["Id"])


LISTINGS = (
    Listing("roles", _roles, vital=True),
    Listing("functions", _functions, vital=True),
    Listing("tables", _tables, vital=True),
    Listing("REST APIs", _apis, vital=True),
    Listing("log groups", _log_groups),
    Listing("usage plans", _usage_plans),
    Listing("API keys", _api_keys),
    Listing("schedule groups", _schedule_groups, service="scheduler"),
    Listing("web ACLs (firewalls)", _web_acls, service="wafv2"),
    Listing("IP sets", _ip_sets, service="wafv2"),
)
