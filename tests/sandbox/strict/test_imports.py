"""ImportRestApi and PutRestApi make what a document defines, as if it had been made call by call."""

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, BareApi, Clients, create_function, package, refused
from tests.kit.sandbox.imports import (
    DEFAULT,
    INTEGRATION,
    MOCK,
    OK,
    ApiImporter,
    Document,
    X,
    allow,
    answering,
    chalices,
    openapi,
    swagger,
    uri_of,
)


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


@pytest.fixture
def handler(aws: Clients, unique: str, role: str) -> str:
    """The name of a function that answers a proxy event with its body, refuses "bad", and echoes the rest."""
    source = (
        "def handler(event, context):\n"
        "    if 'httpMethod' in event:\n"
        "        return {'statusCode': 200, 'body': event['body']}\n"
        "    if event['asked'] == 'bad':\n"
        "        raise ValueError('No such thing')\n"
        "    return event\n"
    )
    create_function(aws("lambda"), unique, role, Code={"ZipFile": package(source)})
    return unique


class TestServed:
    def test_what_chalice_sends_calls_the_function(
        self, imports: ApiImporter, aws: Clients, handler: str
    ) -> None:
        made = imports.make(chalices(handler), parameters={"endpointConfigurationTypes": "REGIONAL"})
        assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
        assert "warnings" not in made
        allow(aws, handler, made["id"])
        imports.deploy(made["id"])
        answer = imports.call(made["id"], "/DynamoDBManager", "POST", "through")
        assert (answer.status, answer.body) == (200, b"through")
        preflight = imports.call(made["id"], "/DynamoDBManager", "OPTIONS")
        assert preflight.headers["access-control-allow-methods"] == "POST,OPTIONS"

    def test_an_aws_integration_maps_the_functions_error(
        self, imports: ApiImporter, aws: Clients, handler: str
    ) -> None:
        refusal = {"statusCode": "400", "responseTemplates": {"application/json": "refused"}}
        integration = {
            "type": "AWS",
            "httpMethod": "post",
            "uri": uri_of(handler),
            "passthroughBehavior": "never",
            "requestTemplates": {"application/json": '{"asked": $input.json("$.value")}'},
            "responses": {**DEFAULT, "No .*": refusal},
        }
        responses = {**OK, "400": {"description": "refused"}}
        method = {"responses": responses, INTEGRATION: integration}
        made = imports.make(swagger(paths={"/x": {"post": method}}))
        allow(aws, handler, made["id"])
        imports.deploy(made["id"])
        assert imports.call(made["id"], verb="POST", body='{"value": "a"}').json == {"asked": "a"}
        refused = imports.call(made["id"], verb="POST", body='{"value": "bad"}')
        assert (refused.status, refused.body) == (400, b"refused")

    def test_any_method_answers_every_verb_of_a_greedy_path(self, imports: ApiImporter) -> None:
        path = {"x-amazon-apigateway-any-method": {"responses": OK, INTEGRATION: MOCK}}
        made = imports.make(swagger(paths={"/files/{proxy+}": path}))
        imports.deploy(made["id"])
        assert imports.call(made["id"], "/files/a/b", "PATCH", "{}").status == 200
        assert imports.call(made["id"], "/files").status == 403

    def test_a_request_validator_looks_at_parameters_and_bodies(self, imports: ApiImporter) -> None:
        pet = {"type": "object", "required": ["kind"], "properties": {"kind": {"$ref": "#/definitions/Kind"}}}
        body = {"in": "body", "name": "pet", "schema": {"$ref": "#/definitions/Pet"}}
        page = {"in": "query", "name": "page", "type": "string", "required": True}
        validators = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
        made = imports.make(
            swagger(
                paths={"/pets": {"post": {"parameters": [body, page], "responses": OK, INTEGRATION: MOCK}}},
                definitions={"Pet": pet, "Kind": {"type": "string", "enum": ["cat"]}},
                **{f"{X}request-validators": validators, f"{X}request-validator": "all"},
            )
        )
        imports.deploy(made["id"])
        sent = [("?page=1", '{"kind": "cat"}'), ("?page=1", '{"kind": "dog"}'), ("", '{"kind": "cat"}')]
        right, wrong, missing = (
            imports.call(made["id"], f"/pets{query}", "POST", content) for query, content in sent
        )
        assert right.status == 200
        assert (wrong.status, wrong.json) == (400, {"message": "Invalid request body"})
        assert missing.json == {"message": "Missing required request parameters: [page]"}

    def test_a_schema_written_in_place_is_a_model_too(self, imports: ApiImporter) -> None:
        schema = {"type": "object", "required": ["kind"]}
        method = {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": OK,
            INTEGRATION: MOCK,
            f"{X}request-validator": "body",
        }
        validators = {f"{X}request-validators": {"body": {"validateRequestBody": True}}}
        made = imports.make(openapi(paths={"/pets": {"post": method}}, **validators))
        imports.deploy(made["id"])
        bodies = ('{"kind": 1}', "{}")
        answers = [imports.call(made["id"], "/pets", "POST", body).status for body in bodies]
        assert answers == [200, 400]

    def test_a_gateway_response_is_as_the_document_says(self, imports: ApiImporter) -> None:
        missing = {"statusCode": 404, "responseTemplates": {"application/json": '{"gone": true}'}}
        responses = {"MISSING_AUTHENTICATION_TOKEN": missing}
        made = imports.make(swagger(**{f"{X}gateway-responses": responses}))
        imports.deploy(made["id"])
        answer = imports.call(made["id"], "/nowhere")
        assert (answer.status, answer.json) == (404, {"gone": True})

    def test_an_api_key_is_asked_for_where_the_document_says_so(self, imports: ApiImporter) -> None:
        key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        paths = {**answering("one", "/open"), **answering("one", "/closed", security=[{"key": []}])}
        made = imports.make(swagger(paths=paths, securityDefinitions={"key": key}))
        imports.deploy(made["id"])
        assert [imports.call(made["id"], path).status for path in ("/open", "/closed")] == [200, 403]


class TestWhatIsMade:
    def test_the_api_has_the_documents_members(self, imports: ApiImporter) -> None:
        document = swagger(
            "named", **{f"{X}binary-media-types": ["image/png"], f"{X}api-key-source": "HEADER"}
        )
        document["info"]["description"] = "What for"
        made = imports.make(document)
        said = imports.client.get_rest_api(restApiId=made["id"])
        members = ("name", "version", "description", "binaryMediaTypes", "endpointConfiguration")
        assert [said[name] for name in members] == [
            "named",
            "1.0",
            "What for",
            ["image/png"],
            {"types": ["EDGE"], "ipAddressType": "ipv4"},
        ]

    def test_a_method_is_as_if_it_had_been_put(self, imports: ApiImporter) -> None:
        """As recorded on AWS of the PetStore that its console offers."""
        headers = {"Access-Control-Allow-Origin": {"type": "string"}}
        pets = {"description": "ok", "schema": {"$ref": "#/definitions/Pets"}, "headers": headers}
        origin = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
        page = {"integration.request.querystring.page": "method.request.querystring.page"}
        method = {
            "operationId": "ListPets",
            "parameters": [
                {"name": "page", "in": "query", "required": False, "type": "string"},
                {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pets"}},
            ],
            "responses": {"200": pets},
            INTEGRATION: {
                "type": "http",
                "httpMethod": "GET",
                "uri": "http://petstore.example.com/pets",
                "requestParameters": page,
                "responses": {"default": {"statusCode": "200", "responseParameters": origin}},
            },
        }
        shared = [{"name": "petId", "in": "path", "required": True, "type": "string"}]
        paths = {"/pets/{petId}": {"get": method, "parameters": shared}}
        made = imports.make(swagger(paths=paths, definitions={"Pets": {"type": "array"}}))
        said = imports.method(made["id"], "/pets/{petId}")
        assert sorted(imports.ids(made["id"])) == ["/", "/pets", "/pets/{petId}"]
        assert said["requestParameters"] == {
            "method.request.path.petId": True,
            "method.request.querystring.page": False,
        }
        assert (said["operationName"], said["requestModels"]) == ("ListPets", {"application/json": "Pets"})
        (response,) = said["methodResponses"].values()
        assert response["responseModels"] == {"application/json": "Pets"}
        assert response["responseParameters"] == dict.fromkeys(origin, False)
        integration = said["methodIntegration"]
        assert (integration["type"], integration["requestParameters"]) == ("HTTP", page)
        assert integration["integrationResponses"]["200"]["responseParameters"] == origin
        assert "selectionPattern" not in integration["integrationResponses"]["200"]

    @pytest.mark.parametrize(
        ("basepath", "path"), [("ignore", "/x"), ("prepend", "/base/part/x"), ("split", "/part/x")]
    )
    @pytest.mark.parametrize(
        "document",
        [
            swagger(basePath="/base/part"),
            openapi(servers=[{"url": "https://example.com/base/part/"}, {"url": "/other"}]),
            openapi(
                servers=[
                    {"url": "https://example.com/v1", "variables": {"basePath": {"default": "base/part"}}}
                ]
            ),
        ],
        ids=["swagger", "url", "variable"],
    )
    def test_the_base_path(self, imports: ApiImporter, document: Document, basepath: str, path: str) -> None:
        made = imports.make(document, parameters={"basepath": basepath})
        assert path in imports.ids(made["id"])

    def test_yaml_is_read_as_well(self, imports: ApiImporter) -> None:
        text = (
            "openapi: 3.0.1\n"
            "info: {title: in yaml, version: 2015-07-09}\n"
            "paths:\n"
            "  /x:\n"
            "    get:\n"
            "      responses: {200: {description: ok}}\n"
            "      x-amazon-apigateway-integration:\n"
            "        type: mock\n"
            "        responses: {default: {statusCode: 200}}\n"
        )
        made = imports.client.import_rest_api(body=text)
        assert (made["name"], made["version"]) == ("in yaml", "2015-07-09")
        assert imports.method(made["id"])["methodResponses"]["200"]["statusCode"] == "200"

    @pytest.mark.parametrize(
        ("kind", "authtype", "members", "source", "authorization"),
        [
            ("token", "custom", {}, "method.request.header.Authorization", "CUSTOM"),
            (
                "request",
                "custom",
                {"identitySource": "method.request.header.Who"},
                "method.request.header.Who",
                "CUSTOM",
            ),
            (
                "cognito_user_pools",
                "cognito_user_pools",
                {"providerARNs": [f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_A"]},
                "method.request.header.Authorization",
                "COGNITO_USER_POOLS",
            ),
        ],
    )
    def test_an_authorizer_is_made_and_put_before_the_methods_that_name_it(
        self,
        imports: ApiImporter,
        kind: str,
        authtype: str,
        members: Document,
        source: str,
        authorization: str,
    ) -> None:
        scheme = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            f"{X}authtype": authtype,
            f"{X}authorizer": {"type": kind, "authorizerUri": uri_of("who"), **members},
        }
        paths = {**answering("one", "/closed"), **answering("one", "/open", security=[])}
        document = swagger(paths=paths, securityDefinitions={"who": scheme}, security=[{"who": ["read"]}])
        made = imports.make(document)
        (authorizer,) = imports.client.get_authorizers(restApiId=made["id"])["items"]
        assert (authorizer["name"], authorizer["type"]) == ("who", kind.upper())
        assert (authorizer["identitySource"], authorizer["authType"]) == (source, authtype)
        closed = imports.method(made["id"], "/closed")
        assert (closed["authorizationType"], closed["authorizerId"]) == (authorization, authorizer["id"])
        assert closed["authorizationScopes"] == ["read"]
        assert imports.method(made["id"], "/open")["authorizationType"] == "NONE"

    def test_iam_is_asked_for_by_a_scheme_or_by_the_method(self, imports: ApiImporter) -> None:
        scheme = {"type": "apiKey", "name": "Authorization", "in": "header", f"{X}authtype": "awsSigv4"}
        by_scheme = answering("one", "/scheme", security=[{"sigv4": []}])
        by_method = answering("one", "/method", **{f"{X}auth": {"type": "aws_iam"}})
        document = swagger(paths={**by_scheme, **by_method}, securityDefinitions={"sigv4": scheme})
        made = imports.make(document)
        for path in ("/scheme", "/method"):
            assert imports.method(made["id"], path)["authorizationType"] == "AWS_IAM"

    def test_the_variables_of_a_path_are_parameters_declared_or_not(self, imports: ApiImporter) -> None:
        made = imports.make(swagger(paths=answering("one", "/pets/{id}/{rest+}")))
        expected = {"method.request.path.id": True, "method.request.path.rest": True}
        assert imports.method(made["id"], "/pets/{id}/{rest+}")["requestParameters"] == expected

    def test_what_is_for_http_apis_only_is_passed_over(self, imports: ApiImporter) -> None:
        integration = {**MOCK, "payloadFormatVersion": "1.0"}
        paths = {"/x": {"get": {"responses": OK, INTEGRATION: integration}}}
        made = imports.make(swagger(paths=paths), failOnWarnings=True)
        assert imports.method(made["id"])["methodIntegration"]["type"] == "MOCK"

    def test_parameters_can_be_kept_in_one_place(self, imports: ApiImporter) -> None:
        parameters = {"page": {"name": "page", "in": "query", "schema": {"type": "string"}}}
        paths = answering(parameters=[{"$ref": "#/components/parameters/page"}])
        made = imports.make(openapi(paths=paths, components={"parameters": parameters}))
        assert imports.method(made["id"])["requestParameters"] == {"method.request.querystring.page": False}


class TestPut:
    @pytest.fixture
    def api(self, imports: ApiImporter) -> str:
        """An API with GET and POST of /x and GET of /old/part, deployed."""
        both = {verb: answering("old")["/x"]["get"] for verb in ("get", "post")}
        paths = {"/x": both, **answering("old", "/old/part")}
        made: str = imports.make(
            swagger("before", paths=paths), parameters={"endpointConfigurationTypes": "REGIONAL"}
        )["id"]
        imports.deploy(made)
        return made

    def test_overwriting_leaves_only_what_the_document_defines(
        self, imports: ApiImporter, api: str, unique: str
    ) -> None:
        before = imports.ids(api)
        said = imports.put(api, swagger(unique, paths=answering("new")), mode="overwrite")
        assert said["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert (said["id"], said["name"]) == (api, unique)
        assert said["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "ipv4"}
        assert imports.ids(api) == {path: before[path] for path in ("/", "/x")}
        assert imports.names().count(unique) == 1
        assert imports.call(api).body == b"old"
        imports.deploy(api)
        assert imports.call(api).body == b"new"
        assert [imports.call(api, *what).status for what in (("/x", "POST"), ("/old/part",))] == [403, 403]

    def test_merging_replaces_the_methods_that_both_define(self, imports: ApiImporter, api: str) -> None:
        before = imports.ids(api)
        paths = {**answering("new"), **answering("new", "/old/other")}
        imports.put(api, swagger("before", paths=paths))
        imports.deploy(api)
        after = imports.ids(api)
        assert after == {**before, "/old/other": after["/old/other"]}
        asked = (("/x",), ("/x", "POST"), ("/old/part",), ("/old/other",))
        assert [imports.call(api, *what).body for what in asked] == [b"new", b"old", b"old", b"new"]

    def test_merging_adds_binary_media_types(self, imports: ApiImporter) -> None:
        made = imports.make(swagger(**{f"{X}binary-media-types": ["image/heif"]}))
        document = swagger(**{f"{X}binary-media-types": ["image/png", "image/heif"]})
        assert imports.put(made["id"], document)["binaryMediaTypes"] == ["image/heif", "image/png"]
        overwritten = imports.put(made["id"], document, mode="overwrite")
        assert overwritten["binaryMediaTypes"] == ["image/png", "image/heif"]

    def test_merging_keeps_what_the_document_does_not_say(self, imports: ApiImporter) -> None:
        document = swagger(**{f"{X}binary-media-types": ["image/png"]})
        document["info"]["description"] = "What for"
        made = imports.make(document)
        merged = imports.put(made["id"], swagger())
        assert (merged["description"], merged["binaryMediaTypes"]) == ("What for", ["image/png"])
        assert "description" not in imports.put(made["id"], swagger(), mode="overwrite")

    @pytest.mark.parametrize("mode", ["merge", "overwrite"])
    def test_a_refusal_changes_nothing(self, imports: ApiImporter, api: str, unique: str, mode: str) -> None:
        before = imports.client.get_resources(restApiId=api, embed=["methods"])["items"]
        paths = {**answering("new"), "/y": {"get": {"responses": {}, INTEGRATION: MOCK}}}
        arguments = {"api": api, "document": swagger(unique, paths=paths), "mode": mode}
        assert refused(imports.put, **arguments)[:2] == (400, "BadRequestException")
        assert imports.client.get_resources(restApiId=api, embed=["methods"])["items"] == before
        assert imports.client.get_rest_api(restApiId=api)["name"] == "before"
        assert unique not in imports.names()

    def test_tags_stages_and_creation_stay(self, imports: ApiImporter, unique: str) -> None:
        api = BareApi(imports.client, unique)
        api.integrate()
        api.deploy()
        before = api.client.get_rest_api(restApiId=api.id)
        imports.put(api.id, swagger(unique), mode="overwrite")
        after = api.client.get_rest_api(restApiId=api.id)
        assert [after[name] for name in ("tags", "createdDate", "rootResourceId")] == [
            before[name] for name in ("tags", "createdDate", "rootResourceId")
        ]
        assert [stage["stageName"] for stage in api.client.get_stages(restApiId=api.id)["item"]] == ["prod"]

    def test_an_api_that_is_not_there(self, imports: ApiImporter) -> None:
        expected = (404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:none")
        assert refused(imports.put, api="none", document=swagger()) == expected

    def test_a_mode_that_is_none(self, imports: ApiImporter, api: str) -> None:
        status, code, _ = refused(imports.put, api=api, document=swagger(), mode="append")
        assert (status, code) == (400, "ValidationException")
