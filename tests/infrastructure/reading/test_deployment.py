"""A deployment is described by what its own steps call, with references in the place of names and ids."""

import json
import re
from dataclasses import asdict

from lambda_over_https.aws.policies.documents import execution_policy, tutorial_policy
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.infrastructure.description import PARAMETER, PLACE, Description, Ref, Text, references
from lambda_over_https.infrastructure.reading.calls import Reader
from lambda_over_https.infrastructure.reading.identities import SPELLINGS
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.rehearsal.rehearsing import placeholder
from lambda_over_https.tutorial.definition import POST
from tests.kit.exports.templates import DESCRIBED, described


def members(description: Description, kind: Kind) -> dict[str, object]:
    """The members of the only resource of a kind."""
    (resource,) = [each for each in description.resources if each.kind == kind]
    return dict(resource.members)


def test_every_resource_of_the_tutorial_is_described_with_its_step() -> None:
    assert [(each.kind, each.step) for each in described().resources] == [
        (Kind.ROLE, "2.2"),
        (Kind.ROLE_POLICY, "2.2"),
        (Kind.LOG_GROUP, "2.3"),
        (Kind.FUNCTION, "2.3"),
        (Kind.TABLE, "2.4"),
        (Kind.REST_API, "3.1"),
        (Kind.STAGE, "3.5"),
        (Kind.PERMISSION, "3.6"),
    ]


def test_no_symbol_is_left_in_a_description() -> None:
    said = repr([asdict(each) for each in described("alice").resources])
    assert not re.search("<[a-z ]+>", said.replace("<0 bytes>", "").replace("<Kind", ""))
    assert "the-region" not in said
    assert "API_ID" not in said


def test_no_reference_leads_to_the_place_where_one_leads_to_a_resource() -> None:
    found = [ref for each in described().resources for ref in references(each.members)]
    assert {ref.kind for ref in found if ref.kind in (PLACE, PARAMETER)} == {PARAMETER}
    assert Ref(Kind.FUNCTION, "manager", "invoke_arn") in found
    assert Ref(Kind.REST_API, "manager", "execution_arn") in found


def test_the_default_of_a_parameter_is_what_the_deployment_has() -> None:
    defaults = {each.name: each.default for each in described("alice", runtime="nodejs").parameters}
    assert defaults == {
        "role_name": "alice-lambda-gateway-execution-role",
        "function_name": "alice-LambdaFunctionOverHttps",
        "log_retention_days": 7,
        "runtime": "nodejs24.x",
        "timeout": 10,
        "memory_size": 128,
        "table_name": "alice-LambdaTable",
        "api_name": "alice-DynamoDBOperations",
        "stage_name": "prod",
    }


def test_the_policy_is_the_one_of_least_privilege_even_where_the_tutorials_was_chosen() -> None:
    description = described(tutorial_policy=True)
    document = members(description, Kind.ROLE_POLICY)["PolicyDocument"]
    assert json.dumps(document, default=str).count('"Sid"') == len(execution_policy("", "")["Statement"])
    assert document != tutorial_policy()
    assert "The tutorial's policy for every table and log group (step 2.2)" in description.left_out[0]


def test_a_lent_role_is_a_parameter_without_a_default_and_its_account_is_told_nowhere() -> None:
    description = described(role_arn="arn:aws:iam::999988887777:role/LabRole")
    assert Kind.ROLE not in {each.kind for each in description.resources}
    assert members(description, Kind.FUNCTION)["Role"] == Text((Ref(PARAMETER, "role_arn"),))
    (parameter,) = [each for each in description.parameters if each.name == "role_arn"]
    assert parameter.default is None
    assert "999988887777" not in repr(description)
    assert description.left_out[0].startswith("The role (step 2.2)")


def test_the_error_mapping_is_the_tutorials() -> None:
    body = repr(members(described(), Kind.REST_API)["body"])
    for response in POST.responses:
        assert repr(response.pattern or "default") in body
        assert f"'statusCode': '{response.status}'" in body


def test_of_two_permissions_the_wider_one_stays_and_the_other_is_named() -> None:
    description = described()
    assert members(description, Kind.PERMISSION)["StatementId"] == "apigateway-test-2"
    assert any("apigateway-prod-2" in each for each in description.left_out)


def test_a_call_that_cannot_be_described_is_named_and_not_dropped() -> None:
    reader = Reader()
    call = Call("", "", "9", "apigateway", "CreateVpcLink", {"name": "strange"}, {})
    patch = {"op": "replace", "path": "/tracingEnabled", "value": "true"}
    update = {"restApiId": "API_ID", "stageName": "prod", "patchOperations": [patch]}
    assert reader.read([call, Call("", "", "9", "apigateway", "UpdateStage", update, {})]) == ()
    assert reader.left_out == [
        "What apigateway CreateVpcLink does (step 9).",
        "Some of what UpdateStage sets (step 9).",
    ]


def test_what_needs_something_that_is_not_described_is_named_too() -> None:
    topic = placeholder("arn", "sns:topic", "it")
    trust = json.dumps({"Condition": {"ArnLike": {"aws:SourceArn": topic}}})
    role = {"RoleName": "<role>-it", "AssumeRolePolicyDocument": trust}
    policy = {"RoleName": "<role>-it", "PolicyName": "it", "PolicyDocument": "{}"}
    reader = Reader()
    calls = [
        Call("", "", "9", "sns", "CreateTopic", {"Name": "it"}, {}),
        Call("", "", "9", "iam", "CreateRole", role, {}),
        Call("", "", "9", "iam", "PutRolePolicy", policy, {}),
        Call("", "", "9", "logs", "CreateLogGroup", {"logGroupName": "it"}, {}),
    ]
    assert [each.kind for each in reader.read(calls)] == [Kind.LOG_GROUP]
    assert reader.left_out == [
        "What sns CreateTopic does (step 9).",
        "iam:role it (step 9): it needs what is not included.",
        "iam:role-policy it (step 9): it needs what is not included.",
    ]


def test_the_arns_of_the_spellings_are_those_of_the_stack() -> None:
    """A spelling that is wrong would leave an ARN written out where a reference belongs."""
    for kind, attributes in SPELLINGS.items():
        found = {
            ref.attribute
            for each in described(chapters=tuple(DESCRIBED)).resources
            for ref in references(each.members)
            if ref.kind == kind
        }
        assert found & attributes.keys(), kind
