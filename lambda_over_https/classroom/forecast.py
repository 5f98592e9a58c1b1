"""What a class implies, before anything is made: room in the account's quotas, time, cost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.quotas import REST_APIS, ROLES, TABLES
from lambda_over_https.aws.waiting.rates import RATIONED
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.errors import LohError
from lambda_over_https.report.costs import cost_lines

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a kind an account or Region may have, and how many there are; None if unknown."""

    what: str
    most: int
    there: int | None

    def as_json(self, wanted: int) -> dict[str, Any]:
        """The quota as data; ``fits`` says whether ``wanted`` more are allowed, None if unknown."""
        fits = None if self.there is None else self.there + wanted <= self.most
        return {"what": self.what, "most": self.most, "there": self.there, "wanted": wanted, "fits": fits}


def forecast(taught: Class, cloud: "Cloud") -> dict[str, Any]:
    """The class, its names, the quotas and whether they have room, minutes for run and sweep, the cost."""
    count = len(taught.students)
    return {
        "class": taught.name,
        "account": taught.account,
        "region": taught.region,
        "students": [{"name": each.name, "deployment": each.deployment} for each in taught.students],
        "quotas": [each.as_json(count) for each in _quotas(cloud)],
        "minutes": minutes_of(count),
        "cost": cost_lines(free=taught.on_this_machine),
    }


def minutes_of(count: int) -> dict[str, float]:
    """How long run and sweep take for so many, at AWS's rates."""
    return {
        "run": round(_slowest(count, "CreateRestApi", "CreateDeployment") / 60 + 1, 1),
        "sweep": round(_slowest(count, "DeleteRestApi") / 60 + 1, 1),
    }


def _slowest(count: int, *operations: str) -> float:
    """Seconds that AWS's ration of these calls takes, for so many."""
    return (count - 1) * max(RATIONED[each] for each in operations)


def _quotas(cloud: "Cloud") -> list[Quota]:
    return [
        Quota(
            "REST APIs of the Region", REST_APIS, _count(cloud, "apigateway", "get_rest_apis", "items", 500)
        ),
        Quota("tables of the Region", TABLES, _count(cloud, "dynamodb", "list_tables", "TableNames", 100)),
        Quota("roles of the account", ROLES, _count(cloud, "iam", "list_roles", "Roles", 1000)),
    ]


def _count(cloud: "Cloud", service: str, operation: str, key: str, size: int) -> int | None:
    """How many there are; None if we may not know."""
    try:
        with explained():
            pages = (
                cloud.client(service).get_paginator(operation).paginate(PaginationConfig={"PageSize": size})
            )
            return sum(len(page[key]) for page in pages)
    except LohError:
        return None
