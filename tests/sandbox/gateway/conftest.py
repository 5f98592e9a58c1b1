"""APIs made with boto3 in the shared sandbox."""

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.control import Clients
from tests.kit.live_api import Api


@pytest.fixture
def api(sandbox: Sandbox, aws: Clients, function: str) -> Api:
    """An API without methods, and a function that echoes."""
    made = aws("apigateway").create_rest_api(
        name="DynamoDBOperations", endpointConfiguration={"types": ["REGIONAL"]}
    )
    return Api(sandbox, aws, made["id"], made["rootResourceId"], function)


@pytest.fixture
def tutorial(api: Api) -> Api:
    """The tutorial's API: POST on /DynamoDBManager, deployed as prod; no permission yet."""
    template = {"responseTemplates": {"application/json": ""}}
    api.method(api.resource("DynamoDBManager"), responses={"200": template})
    api.deploy()
    return api
