"""Undoing step 3.5 takes back our deployments: somebody else's, and what their stages serve, stay."""

from typing import Any

import pytest

from tests.kit.support import Account, loh


@pytest.fixture
def api(account: Account, name: str) -> Any:
    assert loh("run", "--no-pause", "--name", name, "--to", "3.5").code == 0
    found = account.client("apigateway").get_rest_apis(limit=500)["items"]
    yield next(each["id"] for each in found if each["name"].startswith(name))
    assert loh("teardown", "--yes", "--name", name).code == 0


def deployments(account: Account, api: str) -> set[str]:
    found = account.client("apigateway").get_deployments(restApiId=api)["items"]
    return {each["id"] for each in found}


def test_somebody_elses_deployment_stays(account: Account, name: str, api: str) -> None:
    client = account.client("apigateway")
    theirs = client.create_deployment(restApiId=api, description="release 7")["id"]
    assert loh("undo", "--name", name).code == 0
    assert deployments(account, api) == {theirs}


def test_a_deployment_of_ours_that_somebodys_stage_serves_stays_and_stops_nothing(
    account: Account, name: str, api: str
) -> None:
    client = account.client("apigateway")
    [ours] = deployments(account, api)
    client.create_stage(restApiId=api, stageName="theirs", deploymentId=ours)
    assert loh("undo", "--name", name).code == 0
    assert deployments(account, api) == {ours}
    assert [each["stageName"] for each in client.get_stages(restApiId=api)["item"]] == ["theirs"]
    assert loh("next", "--name", name).code == 0


def test_what_a_drill_deployed_goes_with_ours(account: Account, name: str, api: str) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    assert loh("drill", "redeploy", "--name", name, "--predict", "b").code == 0
    for _ in ("3.7", "3.6", "3.5"):
        assert loh("undo", "--name", name).code == 0
    assert deployments(account, api) == set()
