"""Undoing step 3.5 takes back our deployments: somebody else's, and what their stages serve, stay."""

from typing import Any

import pytest

from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.program.bench import Bench
from tests.kit.program.support import Account, loh


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


def test_a_deployment_whose_answer_was_lost_takes_the_earlier_ones_along(
    bench: Bench, between: Between, account: Account
) -> None:
    bench.run(to="3.5")
    found = account.client("apigateway").get_rest_apis(limit=500)["items"]
    api = next(each["id"] for each in found if each["name"].startswith(bench.settings.name))
    account.client("apigateway").create_deployment(restApiId=api, stageName="prod", description="release 7")
    lost: list[Call] = []

    def meddle(call: Call, forward: Forward) -> Answer | None:
        answer = forward()
        if call.name != "apigateway:CreateDeployment" or lost:
            return answer
        lost.append(call)
        return None

    between.meddle = meddle
    bench.run(to="3.5")
    assert lost
    described = account.client("apigateway").get_deployments(restApiId=api)["items"]
    ours = [each for each in described if each["description"].startswith("lambda-over-https")]
    assert len(ours) == 1
    assert bench.teardown().left == []


# --- what somebody changed on the API and has not deployed ---


def change_and_deploy(account: Account, api: str) -> None:
    """Somebody adds a method, and a key to ours, deploys, takes the key away, and adds one more method."""
    client = account.client("apigateway")
    resources = client.get_resources(restApiId=api)["items"]
    resource = next(each["id"] for each in resources if each["path"] == "/DynamoDBManager")
    ours: dict[str, Any] = {"restApiId": api, "resourceId": resource, "httpMethod": "POST"}
    key = {"op": "replace", "path": "/apiKeyRequired"}
    client.update_method(**ours, patchOperations=[{**key, "value": "true"}])
    for verb in ("GET", "DELETE"):
        where: dict[str, Any] = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
        client.put_method(**where, authorizationType="NONE")
        client.put_integration(**where, type="MOCK")
        if verb == "GET":
            client.create_deployment(restApiId=api, stageName="prod", description="release 7")
            client.update_method(**ours, patchOperations=[{**key, "value": "false"}])


def test_what_a_deployment_changes_for_clients_is_said_before_it_is_made(
    account: Account, name: str, api: str
) -> None:
    change_and_deploy(account, api)
    said = (
        "the stage serves a deployment that is not ours (release 7);"
        " clients will see: DELETE /DynamoDBManager is new,"
        " POST /DynamoDBManager asks for no API key any more"
    )
    planned = loh("plan", "--name", name, "--json").json["steps"]
    assert next(each["reason"] for each in planned if each["number"] == "3.5") == said
    found = loh("doctor", "--name", name, "--json").json["findings"]
    assert next(each["what"] for each in found if each["name"] == "apigateway:stage prod") == said
    before = deployments(account, api)
    ran = loh("run", "--no-pause", "--name", name, "--to", "3.5")
    assert f"It is deployed again, because {said}." in " ".join(ran.err.split())
    assert deployments(account, api) - before
    assert (
        next(
            each["action"]
            for each in loh("plan", "--name", name, "--json").json["steps"]
            if each["number"] == "3.5"
        )
        == "keep"
    )


def test_a_deployment_says_which_methods_it_serves(account: Account, api: str) -> None:
    client = account.client("apigateway")
    deployment = client.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    found = client.get_deployment(restApiId=api, deploymentId=deployment, embed=["apisummary"])
    assert found["apiSummary"] == {
        "/DynamoDBManager": {"POST": {"authorizationType": "NONE", "apiKeyRequired": False}}
    }
    plain = client.get_deployment(restApiId=api, deploymentId=deployment)
    assert "apiSummary" not in plain
