"""An import is refused as a whole: for what its calls would be refused for, and for what is not imported."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import REGION, BareApi, Clients, policy, refused
from tests.kit.sandbox.imports import INTEGRATION, MOCK, OK, ApiImporter, Document, X, answering, swagger

ONE_VARIABLE = "already has a variable path part -- only one is allowed"
UNQUOTED = {**MOCK, "requestParameters": {"integration.request.header.a": True}}
NO_TEXT = (
    "Invalid format for 'requestParameters'. Expected type string for property "
    "'integration.request.header.a' of resource '/x' and method 'GET' but got 'true'"
)
MY_PET = {"description": "ok", "schema": {"$ref": "#/definitions/my_pet"}}


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


LAUGHS = (
    b"{a0: &a0 [ha], "
    + b", ".join(b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10))
    + b"}"
)
"""YAML of a few lines that is a thousand million words once its aliases are written out."""


class TestRefused:
    """A refusal leaves nothing behind; its message is API Gateway's, with all errors at once."""

    @pytest.mark.parametrize(
        ("paths", "errors"),
        [
            (
                {
                    "/a": {
                        "get": {
                            "responses": OK,
                            INTEGRATION: {"type": "aws", "httpMethod": "POST", "uri": "x"},
                        }
                    }
                },
                [
                    (
                        "put integration on 'GET' for resource at path '/a'",
                        "Invalid ARN specified in the request",
                    )
                ],
            ),
            (
                answering("one", "/a", **{f"{X}request-validator": ["all"]}),
                [
                    (
                        "put method 'GET' on resource at path '/a'",
                        "Invalid Request Validator identifier specified",
                    )
                ],
            ),
            (
                {**answering("one", "/u/{a}"), **answering("one", "/u/{b}/c")},
                [
                    (
                        "create resource at path '/u/{b}'",
                        f"A sibling ({{a}}) of this resource {ONE_VARIABLE}",
                    )
                ],
            ),
            (
                {
                    "/a": {
                        "get": {"responses": {}, INTEGRATION: MOCK},
                        "post": {"responses": {}, INTEGRATION: MOCK},
                    }
                },
                [
                    (
                        f"put integration response on '{verb}' for resource at path '/a'",
                        "Invalid Response status code specified",
                    )
                    for verb in ("GET", "POST")
                ],
            ),
            (
                answering(**{f"{X}request-validator": "none"}),
                [
                    (
                        "put method 'GET' on resource at path '/x'",
                        "Invalid Request Validator identifier specified",
                    )
                ],
            ),
        ],
    )
    def test_what_the_calls_would_be_refused_for(
        self, imports: ApiImporter, unique: str, paths: Document, errors: list[tuple[str, str]]
    ) -> None:
        told = [f"Unable to {what}: {why}" for what, why in errors]
        message = "\n\t".join(["Errors found during import:", *told])
        assert imports.refusal(swagger(unique, paths=paths)) == (400, "BadRequestException", message)
        assert unique not in imports.names()

    def test_an_integration_that_is_none(self, imports: ApiImporter, unique: str) -> None:
        template = {"Fn::Sub": "${Function.Arn}"}
        for integration in ({"uri": template}, "aws", {"type": {"Ref": "Type"}}):
            paths = {"/search": {"get": {"responses": OK, INTEGRATION: integration}}}
            assert imports.refusal(swagger(unique, paths=paths)) == (
                400,
                "BadRequestException",
                "Unable to parse API definition because of a malformed integration at path /search.",
            )
        assert unique not in imports.names()

    def test_a_member_that_an_integration_has_not(self, imports: ApiImporter, unique: str) -> None:
        paths = {"/a": {"get": {"responses": OK, INTEGRATION: {**MOCK, "payloadVersion": "2.0"}}}}
        status, code, message = imports.refusal(swagger(unique, paths=paths))
        assert (status, code) == (400, "BadRequestException")
        assert 'Unknown parameter in input: "payloadVersion"' in message
        assert unique not in imports.names()

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"swagger": "1.2"},
            {"openapi": "3.1.0"},
            {"swagger": "2.0", "paths": [], "info": {"title": "a"}},
            {"swagger": "2.0", "paths": {"/a": {"get": {"parameters": {}}}}, "info": {"title": "a"}},
            {"swagger": "2.0", "paths": {"a": {}}, "info": {"title": "a"}},
            {"swagger": "2.0", "paths": {"/a": {"get": {"security": "key"}}}, "info": {"title": "a"}},
            {"swagger": "2.0", "paths": {"/a": {"$ref": "#/nowhere"}}, "info": {"title": "a"}},
        ],
    )
    def test_what_is_no_definition(self, imports: ApiImporter, document: Document) -> None:
        before = len(imports.names())
        status, code, message = imports.refusal(document)
        assert (status, code) == (400, "BadRequestException")
        assert message.startswith("Invalid OpenAPI input.")
        assert len(imports.names()) == before

    @pytest.mark.parametrize("body", [b"{", b"\xff", b"- a: [", b"5", b"&a {swagger: '2.0', b: *a}", LAUGHS])
    def test_what_is_no_document(self, imports: ApiImporter, body: bytes) -> None:
        put = {"restApiId": "none", "body": body}  # the document is looked at first
        for refusal in (
            refused(imports.client.import_rest_api, body=body),
            refused(imports.client.put_rest_api, **put),
        ):
            assert refusal[:2] == (400, "BadRequestException")
            assert refusal[2].startswith("Invalid OpenAPI input.")

    def test_what_cannot_be_read_has_no_further_words(self, imports: ApiImporter) -> None:
        for body in (b"{'key:value}", b"- a: ["):
            found = refused(imports.client.import_rest_api, body=body)
            assert found == (400, "BadRequestException", "Invalid OpenAPI input.")

    def test_an_api_has_a_name(self, imports: ApiImporter) -> None:
        expected = (400, "BadRequestException", "Invalid API name specified")
        assert imports.refusal({"swagger": "2.0", "paths": {}}) == expected

    def test_an_endpoint_type_that_is_none(self, imports: ApiImporter, unique: str) -> None:
        parameters = {"endpointConfigurationTypes": "LOCAL"}
        status, code, _ = imports.refusal(swagger(unique), parameters=parameters)
        assert (status, code) == (400, "ValidationException")
        assert unique not in imports.names()

    @pytest.mark.parametrize(
        ("members", "named"),
        [
            ({"x-amazon-apigateway-cors": {}}, "x-amazon-apigateway-cors (at the top of the document)"),
            ({"paths": {"/x": {"trace": {}}}}, "paths./x.trace"),
            (
                {"paths": answering(**{"x-amazon-apigateway-integrations": {}})},
                "x-amazon-apigateway-integrations (paths./x.get)",
            ),
        ],
    )
    def test_what_the_sandbox_has_not_is_named(
        self, imports: ApiImporter, unique: str, members: Document, named: str
    ) -> None:
        status, _, message = imports.refusal({**swagger(unique), **members})
        assert (status, message) == (501, f"The sandbox does not import {named}.")
        assert unique not in imports.names()


class TestWarnings:
    """What is left out is told, and is a refusal if the caller wants that."""

    @pytest.mark.parametrize(
        ("document", "warnings"),
        [
            (
                swagger(
                    paths={"/x": {"get": {"responses": {"200": MY_PET}, INTEGRATION: MOCK}}},
                    definitions={"my_pet": {"type": "object"}},
                ),
                [
                    "Model name must be alphanumeric: my_pet",
                    "Reference to model 'my_pet' not found. Ignoring.",
                ],
            ),
            (
                swagger(paths={"/x": {"get": {"responses": {**OK, "default": {}}}}}),
                ["Unsupported response 'default' of 'GET /x'. Ignoring."],
            ),
            (
                swagger(paths=answering(parameters=[{"name": "file", "in": "formData"}])),
                ["Unsupported parameter 'file' of 'GET /x'. Ignoring."],
            ),
            (
                swagger(
                    paths=answering(security=[{"login": ["write"]}]),
                    securityDefinitions={"login": {"type": "oauth2"}},
                ),
                ["Unsupported security definition 'login' of 'GET /x'. Ignoring."],
            ),
            (
                swagger(paths={"/x": {"get": {"responses": OK, INTEGRATION: UNQUOTED}}}),
                [NO_TEXT],
            ),
        ],
    )
    def test_what_is_left_out(
        self, imports: ApiImporter, unique: str, document: Document, warnings: list[str]
    ) -> None:
        document = {**document, "info": {"title": unique}}
        message = "\n\t".join(["Warnings found during import:", *warnings])
        assert imports.refusal(document, failOnWarnings=True) == (400, "BadRequestException", message)
        assert unique not in imports.names()
        assert imports.make(document)["warnings"] == warnings
        assert unique in imports.names()

    def test_documentation_can_be_left_out_on_purpose(self, imports: ApiImporter) -> None:
        document = swagger(**{f"{X}documentation": {"version": "1"}})
        assert "warnings" not in imports.make(document, parameters={"ignore": "documentation"})

    def test_errors_come_with_the_warnings(self, imports: ApiImporter) -> None:
        broken = {"responses": {"default": {}}, INTEGRATION: MOCK}
        _, _, message = imports.refusal(swagger(paths={"/a": {"get": broken}}))
        assert message == (
            "Errors found during import:\n\tUnable to put integration response on 'GET' for resource at path "
            "'/a': Invalid Response status code specified\nAdditionally, these warnings were found:\n\t"
            "Unsupported response 'default' of 'GET /a'. Ignoring."
        )


class TestAuthorization:
    @pytest.fixture
    def bound(self, aws: Clients, sandbox: Sandbox, unique: str) -> Any:
        """Make a client of a user with one policy."""
        aws("iam").create_user(UserName=unique)
        key = aws("iam").create_access_key(UserName=unique)["AccessKey"]

        def client(document: str) -> ApiImporter:
            aws("iam").put_user_policy(UserName=unique, PolicyName="only", PolicyDocument=document)
            made = aws("apigateway", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
            return ApiImporter(made, sandbox)

        return client

    def test_an_import_is_a_post_of_rest_apis_and_nothing_else(self, bound: Any, unique: str) -> None:
        arn = f"arn:aws:apigateway:{REGION}::/restapis"
        imports = bound(policy("apigateway:POST", resource=arn))
        made = imports.make(swagger(unique))
        status, code, message = refused(imports.put, api=made["id"], document=swagger(unique))
        assert (status, code) == (403, "AccessDeniedException")
        assert f"perform: apigateway:PUT on resource: {arn}/{made['id']} " in message

    def test_a_put_is_a_put_of_that_api(self, bound: Any, aws: Clients, unique: str) -> None:
        api = BareApi(aws("apigateway"), unique)
        arn = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}"
        imports = bound(policy("apigateway:PUT", resource=arn))
        imports.put(api.id, swagger(unique))
        assert imports.refusal(swagger(unique))[:2] == (403, "AccessDeniedException")
