"""APIs made with boto3 in a real sandbox, called over HTTP and HTTPS."""

import json

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_function, package, policy, trust_policy
from tests.kit.sandbox.live_api import PATH, Api, send
from tests.kit.sandbox.schedules import Listener

ECHO = '{"operation": "echo", "payload": {"somekey1": "somevalue1"}}'


def test_the_tutorials_endpoint_answers_after_step_3_6(tutorial: Api) -> None:
    """Lambda developer guide, "Using AWS Lambda with Amazon API Gateway", up to its last step."""
    before = tutorial.call(ECHO)
    assert (before.status, before.json) == (500, {"message": "Internal server error"})
    tutorial.allow("prod/POST/DynamoDBManager")
    for https in (False, True):
        answer = tutorial.call(
            ECHO, headers={"Content-Type": "application/x-www-form-urlencoded"}, https=https
        )
        assert (answer.status, answer.json) == (200, json.loads(ECHO))
        assert answer.headers["content-type"] == "application/json"
        assert {"date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"} <= answer.headers.keys()


def test_a_function_without_concurrency_is_a_500(tutorial: Api) -> None:
    tutorial.allow()
    concurrency = {"FunctionName": tutorial.function, "ReservedConcurrentExecutions": 0}
    tutorial.aws("lambda").put_function_concurrency(**concurrency)
    answer = tutorial.call(ECHO)
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_the_host_names_the_api_as_on_aws(tutorial: Api) -> None:
    """Developer guide, "Invoke REST APIs": ``https://{api}.execute-api.{region}.amazonaws.com/{stage}``."""
    tutorial.allow()
    for domain in ("localhost", f"{REGION}.localhost", f"{REGION}.amazonaws.com", "localhost:8470"):
        host = f"{tutorial.id}.execute-api.{domain}"
        answer = send(tutorial.sandbox, "POST", f"/prod{PATH}", ECHO, {"Host": host})
        assert (answer.status, answer.json) == (200, json.loads(ECHO))


def test_wrong_paths_stages_and_apis_are_refused(tutorial: Api) -> None:
    """Developer guide, "Gateway response types"."""
    for path, verb, message in [
        ("/prod/nope", "POST", "Missing Authentication Token"),
        (f"/prod{PATH}", "GET", "Missing Authentication Token"),
        ("/prod", "GET", "Missing Authentication Token"),
        (f"/test{PATH}", "POST", "Forbidden"),
    ]:
        answer = tutorial.call(path=path, verb=verb)
        assert (answer.status, answer.json) == (403, {"message": message})
    tutorial.gateway.delete_rest_api(restApiId=tutorial.id)
    assert tutorial.call(ECHO).json == {"message": "Forbidden"}


def test_an_api_compresses_answers_and_a_private_one_answers_nobody(tutorial: Api) -> None:
    """Developer guide, "Payload compression for REST APIs" and "Private REST APIs in API Gateway"."""
    tutorial.allow()
    for path, value, status, coding in [
        ("/minimumCompressionSize", "1", 200, "gzip"),
        ("/endpointConfiguration/types/REGIONAL", "PRIVATE", 403, "gzip"),
    ]:
        patch = [{"op": "replace", "path": path, "value": value}]
        tutorial.gateway.update_rest_api(restApiId=tutorial.id, patchOperations=patch)
        tutorial.gateway.create_deployment(restApiId=tutorial.id, stageName="prod")
        answer = tutorial.call(ECHO, headers={"Accept-Encoding": "gzip"})
        assert (answer.status, answer.headers["content-encoding"]) == (status, coding)


def test_a_change_is_served_after_the_next_deployment(tutorial: Api) -> None:
    """Developer guide, "Deploy REST APIs in API Gateway"."""
    resource = tutorial.resource("later")
    tutorial.method(
        resource, "GET", type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    assert tutorial.call(path="/prod/later", verb="GET").status == 403
    tutorial.deploy("beta")
    assert tutorial.call(path="/beta/later", verb="GET").status == 200
    assert tutorial.call(path="/prod/later", verb="GET").status == 403
    tutorial.deploy("prod")
    assert tutorial.call(path="/prod/later", verb="GET").status == 200


def test_stage_settings_act_at_once(tutorial: Api) -> None:
    """API reference, UpdateStage: variables and throttling need no deployment."""
    tutorial.allow()

    def update(path: str, value: str) -> None:
        operation = {"op": "replace", "path": path, "value": value}
        tutorial.gateway.update_stage(restApiId=tutorial.id, stageName="prod", patchOperations=[operation])

    update("/~1DynamoDBManager/POST/throttling/rateLimit", "0")
    blocked = tutorial.call(ECHO)
    assert (blocked.status, blocked.json) == (429, {"message": "Too Many Requests"})
    update("/~1DynamoDBManager/POST/throttling/rateLimit", "100")
    assert tutorial.call(ECHO).status == 200
    update("/*/*/throttling/burstLimit", "0")
    assert tutorial.call(ECHO).status == 200


def test_stage_variables_choose_the_version_of_the_function(api: Api) -> None:
    """Developer guide, "Use stage variables": an alias in the integration's URI."""
    lambda_ = api.aws("lambda")
    version = lambda_.publish_version(FunctionName=api.function)["Version"]
    template = {"application/json": '{"stage": "$context.stage", "v": "$stageVariables.v"}'}
    api.method(
        api.resource("DynamoDBManager"), uri=api.uri(":${stageVariables.v}"), requestTemplates=template
    )
    api.deploy("prod", variables={"v": version})
    assert api.call("{}").status == 500
    api.allow(Qualifier=version)
    assert api.call("{}").json == {"stage": "prod", "v": version}


def test_function_errors_are_mapped_to_statuses(
    sandbox: Sandbox, aws: Clients, unique: str, role: str
) -> None:
    """Developer guide, "Handle Lambda errors in API Gateway"."""
    source = "def handler(event, context):\n    raise ValueError(event['say'])\n"
    create_function(aws("lambda"), unique, role, Code={"ZipFile": package(source)})
    made = aws("apigateway").create_rest_api(name=unique)
    api = Api(sandbox, aws, made["id"], made["rootResourceId"], unique)
    template = {"application/json": "{\"error\": $input.json('$.errorMessage')}"}
    bad_request = {"selectionPattern": r"\[BadRequest\](.|\n)*", "responseTemplates": template}
    api.method(api.resource("DynamoDBManager"), responses={"200": {}, "400": bad_request})
    api.deploy()
    api.allow()
    mapped = api.call('{"say": "[BadRequest] two\\nlines"}')
    assert (mapped.status, mapped.json) == (400, {"error": "[BadRequest] two\nlines"})
    other = api.call('{"say": "other"}')
    assert (other.status, other.json["errorType"]) == (200, "ValueError")


def test_a_proxy_integration_sees_the_request_as_it_was_sent(api: Api) -> None:
    """Developer guide, "Lambda proxy integrations"."""
    source = """import json
def handler(event, context):
    return {"statusCode": 201, "body": json.dumps(event)}
"""
    api.aws("lambda").update_function_code(FunctionName=api.function, ZipFile=package(source))
    api.method(api.resource("{proxy+}"), "ANY", responses={}, type="AWS_PROXY")
    api.deploy()
    api.allow()
    answer = api.call("é".encode(), "/prod/a%20b//c?x=1&x=2", "PUT", {"tEsT-HEADeR": "aValUE"})
    event = answer.json
    assert answer.status == 201
    assert event["headers"]["tEsT-HEADeR"] == "aValUE"
    assert (event["path"], event["pathParameters"]) == ("/a%20b//c", {"proxy": "a%20b//c"})
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["body"] == "é"


def test_a_browsers_preflight_is_answered(api: Api) -> None:
    """Developer guide, "Enable CORS for a REST API resource"."""
    cors = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    api.method(
        api.resource("DynamoDBManager"),
        "OPTIONS",
        responses={"200": {"responseParameters": cors}},
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
    )
    api.deploy()
    headers = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
    answer = api.call(verb="OPTIONS", headers=headers)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_a_usage_plan_lets_its_keys_in_until_the_quota_is_used_up(api: Api, unique: str) -> None:
    """Developer guide, "Usage plans and API keys for REST APIs"."""
    api.method(
        api.resource("DynamoDBManager"),
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
        method={"apiKeyRequired": True},
    )
    api.deploy()
    plan = api.gateway.create_usage_plan(
        name=unique,
        apiStages=[{"apiId": api.id, "stage": "prod"}],
        quota={"limit": 2, "period": "DAY"},
    )
    key = api.gateway.create_api_key(name=unique, enabled=True, value=unique * 2)
    headers = {"X-Api-Key": unique * 2}
    assert api.call("{}", headers=headers).status == 403
    api.gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    assert api.call("{}").status == 403
    assert [api.call("{}", headers=headers).status for _ in range(3)] == [200, 200, 429]


def test_a_customised_gateway_response_is_served_after_a_deployment(tutorial: Api) -> None:
    """Developer guide, "Set up a gateway response": PutGatewayResponse, then deploy."""
    tutorial.gateway.put_gateway_response(
        restApiId=tutorial.id,
        responseType="MISSING_AUTHENTICATION_TOKEN",
        statusCode="404",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"error": $context.error.messageString}'},
    )
    assert tutorial.call(path="/prod/nope").status == 403
    tutorial.deploy()
    answer = tutorial.call(path="/prod/nope")
    assert (answer.status, answer.json) == (404, {"error": "Missing Authentication Token"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_body_over_10_mb_is_413(tutorial: Api) -> None:
    """Developer guide, "Quotas for REST APIs": payload size 10 MB."""
    answer = tutorial.call(b" " * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.json) == (413, {"message": "Request Too Long"})


def test_test_invoke_method_by_sdk(tutorial: Api) -> None:
    """API reference, TestInvokeMethod: the call succeeds, ``status`` and ``log`` tell the rest."""
    resources = tutorial.gateway.get_resources(restApiId=tutorial.id)["items"]
    resource = next(each["id"] for each in resources if each["path"] == PATH)
    target = {"restApiId": tutorial.id, "resourceId": resource, "httpMethod": "POST"}
    refused = tutorial.gateway.test_invoke_method(**target, pathWithQueryString="", body=ECHO)
    assert refused["status"] == 500
    assert "Invalid permissions on Lambda function" in refused["log"]
    tutorial.allow("*/POST/DynamoDBManager")
    answer = tutorial.gateway.test_invoke_method(**target, pathWithQueryString="", body=ECHO)
    assert (answer["status"], json.loads(answer["body"])) == (200, json.loads(ECHO))
    assert answer["log"].endswith("Method completed with status: 200\n")
    with pytest.raises(tutorial.gateway.exceptions.NotFoundException):
        tutorial.gateway.test_invoke_method(**{**target, "resourceId": "nope"})


def test_a_request_validator_looks_for_required_parameters(api: Api) -> None:
    """Developer guide, "Request validation for REST APIs": parameters."""
    validator = api.gateway.create_request_validator(
        restApiId=api.id, name="parameters", validateRequestParameters=True, validateRequestBody=False
    )
    api.method(
        api.resource("DynamoDBManager"),
        method={
            "requestValidatorId": validator["id"],
            "requestParameters": {"method.request.querystring.q": True, "method.request.header.h": False},
        },
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
    )
    api.deploy()
    missing = api.call("{}")
    assert (missing.status, missing.json) == (400, {"message": "Missing required request parameters: [q]"})
    assert api.call("{}", f"/prod{PATH}?q=1").status == 200


def test_a_request_validator_checks_bodies_by_their_model(api: Api) -> None:
    """Developer guide, "Request validation for REST APIs": bodies, with ``$default`` for curl's own type."""
    schema = {"type": "object", "required": ["operation"], "properties": {"operation": {"enum": ["echo"]}}}
    api.gateway.create_model(
        restApiId=api.id, name="Event", contentType="application/json", schema=json.dumps(schema)
    )
    validator = api.gateway.create_request_validator(
        restApiId=api.id, name="body", validateRequestParameters=False, validateRequestBody=True
    )
    method = {"requestValidatorId": validator["id"], "requestModels": {"$default": "Event"}}
    api.method(api.resource("DynamoDBManager"), method=method)
    api.deploy()
    api.allow()
    assert api.call(ECHO).status == 200
    refused = api.call('{"operation": "drop"}')
    assert (refused.status, refused.json) == (400, {"message": "Invalid request body"})


def test_an_integrations_role_invokes_the_function_without_a_permission(
    api: Api, aws: Clients, unique: str
) -> None:
    """API Gateway guide, "Control access to a REST API with IAM permissions"."""
    iam, name = aws("iam"), f"{unique}-gateway"
    document = trust_policy("apigateway.amazonaws.com")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    api.method(api.root, credentials=role)
    api.deploy()
    assert api.call("{}", "/prod/").status == 500
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy("lambda:InvokeFunction"))
    assert api.call('{"a": 1}', "/prod/").json == {"a": 1}
    patch = {"op": "replace", "path": "/credentials", "value": role.replace(name, "${stageVariables.role}")}
    named = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST"}
    api.gateway.update_integration(**named, patchOperations=[patch])
    api.deploy(variables={"role": name})
    assert api.call('{"a": 2}', "/prod/").json == {"a": 2}


def test_an_integration_can_invoke_asynchronously(api: Api, aws: Clients, listener: Listener) -> None:
    """API Gateway guide, "Set up asynchronous invocation of the backend Lambda function"."""
    uri = api.uri().replace(api.arn, listener.arn).replace("path/2015", "path//2015")
    kind = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    api.method(api.root, uri=uri, requestParameters=kind)
    api.deploy()
    api.allow("*/*/", FunctionName=listener.arn)
    answer = api.call('{"a": 1}', "/prod/")
    assert (answer.status, answer.body) == (200, b"")
    assert listener.events(1) == [{"a": 1}]


def test_an_error_of_the_backend_has_a_space_in_its_body_and_others_have_none(api: Api) -> None:
    """Recorded."""
    api.method(api.root)
    api.deploy()
    assert api.call("{}", "/prod/").body == b'{"message": "Internal server error"}'
    assert api.call("{}", "/prod/none").body == b'{"message":"Missing Authentication Token"}'


def test_a_stage_logs_its_requests_in_its_format(api: Api, aws: Clients, unique: str) -> None:
    """API Gateway guide, "Set up CloudWatch API logging for REST APIs"; UpdateStage's "add" as recorded."""
    api.method(api.root)
    api.deploy()
    api.allow("*/*/")
    aws("logs").create_log_group(logGroupName=unique)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{unique}"
    form = '{"m":"$context.httpMethod","p":"$context.path","s":$context.status,"k":"$context.identity.user"}'
    patches = [
        {"op": "add", "path": "/accessLogSettings/destinationArn", "value": f"{arn}:*"},
        {"op": "add", "path": "/accessLogSettings/format", "value": form},
    ]
    told = api.gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=patches)
    assert told["accessLogSettings"] == {"destinationArn": arn, "format": form}
    assert [api.call("{}", path).status for path in ("/prod/", "/prod/none")] == [200, 403]
    events = aws("logs").filter_log_events(logGroupName=unique)["events"]
    assert [json.loads(event["message"]) for event in events] == [
        {"m": "POST", "p": "/prod/", "s": 200, "k": "-"},
        {"m": "POST", "p": "/prod/none", "s": 403, "k": "-"},
    ]


def test_an_integration_calls_a_function_url_of_the_same_sandbox(tutorial: Api) -> None:
    """Over HTTPS, with the sandbox's own certificate."""
    functions, name = tutorial.aws("lambda"), tutorial.function
    url = functions.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    public = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"}
    functions.add_permission(FunctionName=name, StatementId="url", **public)
    tutorial.method(tutorial.resource("proxied"), type="HTTP_PROXY", uri=url, responses={})
    tutorial.deploy()
    answer = tutorial.call(ECHO, "/prod/proxied", headers={"Content-Type": "application/json"})
    assert (answer.status, answer.json["body"]) == (200, ECHO)
