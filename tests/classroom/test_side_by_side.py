"""Three hundred deployments side by side: work on one of them makes no more calls than if it were alone."""

from collections import Counter
from collections.abc import Iterator

import pytest

from lambda_over_https.names import names_for
from tests.kit.account.between import Between
from tests.kit.account.decoys import like_ours, named, plant
from tests.kit.program.support import Account, done, use_keys

CROWD = {"function": 51, "log group": 51, "table": 101, "api": 51, "role": 51}
"""Neighbours of each kind: more than one page of AWS's listings, where a page is small."""

WORK = (
    ("run", "--no-pause", "--yes"),
    ("status", "--json"),
    ("doctor", "--json"),
    ("verify", "--json"),
    ("teardown", "--yes"),
)


def calls_of(between: Between, name: str) -> dict[str, Counter[str]]:
    """The calls of each command, from the first run of a deployment to its end."""
    made = {}
    for command in WORK:
        between.calls.clear()
        done(*command, "--name", name)
        made[command[0]] = Counter(between.names())
    return made


@pytest.fixture
def between(own: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    use_keys(monkeypatch, own.sandbox)
    with Between(own.sandbox.endpoint_url) as between:
        monkeypatch.setenv("LAMBDA_OVER_HTTPS_ENDPOINT_URL", between.url)
        monkeypatch.setenv("LAMBDA_OVER_HTTPS_REGION", "us-east-1")
        yield between


@pytest.mark.long
def test_neighbours_cost_no_calls(own: Account, between: Between, name: str) -> None:
    alone = calls_of(between, f"{name}-a")
    for kind, count in CROWD.items():
        for number in range(count):
            neighbour = f"{name}-{number}"
            plant(own, kind, named(names_for(neighbour))[kind], like_ours(neighbour))
    among = calls_of(between, f"{name}-b")
    assert among == alone
