"""Clients are made when they are first asked for, by whichever thread asks."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from lambda_over_https.aws.cloud import SERVICES, Cloud, rehearsal
from lambda_over_https.aws.place import Place
from lambda_over_https.aws.sessions import sealed_access
from lambda_over_https.practice.rehearsal.rehearsing import made_up
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import AWS


@contextmanager
def _at_most_one(taken: threading.Lock) -> Iterator[None]:
    assert taken.acquire(blocking=False), "two threads are in here"
    yield
    taken.release()


def test_a_session_makes_one_client_at_a_time_whichever_of_its_clouds_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    access, taken = sealed_access("us-east-1"), threading.Lock()
    make: Any = access.session.client

    def client(*arguments: Any, **more: Any) -> Any:
        with _at_most_one(taken):
            return make(*arguments, **more)

    monkeypatch.setattr(access.session, "client", client)
    cloud = Cloud(access, RunContext(lambda _: None), 0)
    with ThreadPoolExecutor() as threads:
        made = list(threads.map(lambda each: each[0].client(each[1]), _asked(cloud, cloud.unheard())))
    assert len({id(each) for each in made}) == 2 * len(SERVICES)


def _asked(*clouds: Cloud) -> list[tuple[Cloud, str]]:
    return [(cloud, service) for service in SERVICES for cloud in clouds]


def test_rehearsals_in_a_region_share_a_session_and_nothing_else() -> None:
    def begun(region: str) -> Any:
        place = Place(AWS, "123456789012", region, "aws", "")
        return rehearsal(place, RunContext(lambda _: None), made_up)

    first, second, elsewhere = begun("us-east-1"), begun("us-east-1"), begun("eu-west-1")
    assert first.apigateway is not second.apigateway
    assert first.apigateway.meta.region_name == second.apigateway.meta.region_name == "us-east-1"
    assert elsewhere.lambda_.meta.region_name == "eu-west-1"
    heard: list[str] = []
    first.apigateway.meta.events.register("before-call", lambda model, **_: heard.append(model.name))
    second.apigateway.get_rest_apis()
    assert heard == []
