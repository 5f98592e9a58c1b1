"""What Lambda answered on AWS to calls at the edge: nothing there, too much, the wrong kind of name."""

from typing import Any

import pytest

from lambda_over_https.sandbox.strict.functions.concurrency import CONCURRENT_EXECUTIONS, LEAST_UNRESERVED
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_function, refused

INVALID = "InvalidParameterValueException"
MISSING = "ResourceNotFoundException"


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


def arn(name: str, qualifier: str = "") -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}{qualifier}"


def test_deleting_a_version_that_is_not_there_is_no_mistake(lambda_: Any, function: str) -> None:
    gone = lambda_.delete_function(FunctionName=function, Qualifier="1233")
    assert gone["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert lambda_.get_function(FunctionName=function)
    found = refused(lambda_.delete_function, FunctionName="none", Qualifier="1233")
    assert found == (404, MISSING, f"Function not found: {arn('none')}")


def test_a_version_is_published_of_the_code_that_the_caller_knows(lambda_: Any, function: str) -> None:
    known = lambda_.get_function_configuration(FunctionName=function)["CodeSha256"]
    message = (
        f"CodeSHA256 (x) is different from current CodeSHA256 in $LATEST ({known}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )
    found = refused(lambda_.publish_version, FunctionName=function, CodeSha256="x")
    assert found == (400, INVALID, message)
    assert lambda_.publish_version(FunctionName=function, CodeSha256=known)["Version"] == "1"


def test_aliases_are_listed_by_their_version_and_in_pages(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    for name, version in (("a", "1"), ("b", "$LATEST"), ("c", "1")):
        lambda_.create_alias(FunctionName=function, Name=name, FunctionVersion=version)
    found = lambda_.list_aliases(FunctionName=function, FunctionVersion="1")["Aliases"]
    assert [(each["Name"], "RoutingConfig" in each) for each in found] == [("a", False), ("c", False)]
    page = lambda_.list_aliases(FunctionName=function, MaxItems=2)
    rest = lambda_.list_aliases(FunctionName=function, Marker=page["NextMarker"])
    assert [each["Name"] for each in (*page["Aliases"], *rest["Aliases"])] == ["a", "b", "c"]


def test_a_function_is_described_by_the_alias_that_was_named(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    found = lambda_.get_function(FunctionName=function, Qualifier="live")["Configuration"]
    assert (found["FunctionArn"], found["Version"]) == (arn(function, ":live"), "1")


def test_an_alias_of_a_function_that_is_not_there_is_missed_with_its_version(lambda_: Any) -> None:
    found = refused(lambda_.create_alias, FunctionName="none", Name="a", FunctionVersion="1")
    assert found == (404, MISSING, f"Function not found: {arn('none', ':1')}")


def test_urls_and_configurations_of_events_come_in_pages(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    for more in ({}, {"Qualifier": "live"}):
        lambda_.create_function_url_config(FunctionName=function, AuthType="NONE", **more)
        lambda_.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=1, **more)
    for call, items in (
        (lambda_.list_function_url_configs, "FunctionUrlConfigs"),
        (lambda_.list_function_event_invoke_configs, "FunctionEventInvokeConfigs"),
    ):
        page = call(FunctionName=function, MaxItems=1)
        rest = call(FunctionName=function, Marker=page["NextMarker"])
        assert (len(page[items]), len(rest[items])) == (1, 1)


def test_what_is_missing_of_a_configuration_of_events(lambda_: Any) -> None:
    put, update = lambda_.put_function_event_invoke_config, lambda_.update_function_event_invoke_config
    nothing = "You must specify at least one of error handling or destination setting."
    assert refused(put, FunctionName="none") == (400, INVALID, nothing)
    found = refused(update, FunctionName="none", MaximumRetryAttempts=1)
    assert found == (404, MISSING, "The function doesn't exist.")


def test_an_account_tells_what_it_may_have_and_has(lambda_: Any, unique: str, role: str) -> None:
    before = lambda_.get_account_settings()
    made = create_function(lambda_, unique, role, Publish=True)
    lambda_.put_function_concurrency(FunctionName=unique, ReservedConcurrentExecutions=7)
    after = lambda_.get_account_settings()
    assert after["AccountLimit"]["ConcurrentExecutions"] == CONCURRENT_EXECUTIONS
    free, used = "UnreservedConcurrentExecutions", "TotalCodeSize"
    assert after["AccountLimit"][free] == before["AccountLimit"][free] - 7
    assert after["AccountUsage"][used] == before["AccountUsage"][used] + 2 * made["CodeSize"]
    assert after["AccountUsage"]["FunctionCount"] == before["AccountUsage"]["FunctionCount"] + 1


def test_functions_leave_an_account_some_concurrency(lambda_: Any, function: str) -> None:
    put = lambda_.put_function_concurrency
    message = (
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
    )
    found = refused(put, FunctionName=function, ReservedConcurrentExecutions=CONCURRENT_EXECUTIONS)
    assert found == (400, INVALID, message)


def test_only_a_function_itself_reserves_concurrency(lambda_: Any, function: str) -> None:
    put = lambda_.put_function_concurrency
    found = refused(put, FunctionName=arn(function, ":$LATEST"), ReservedConcurrentExecutions=0)
    assert found[:2] == (400, INVALID)
    assert found[2].startswith("This operation is permitted on Lambda functions only.")
    found = refused(put, FunctionName="none", ReservedConcurrentExecutions=0)
    assert found == (404, MISSING, f"Function not found: {arn('none', ':$LATEST')}")


def test_the_revision_of_an_alias_is_that_of_its_policy(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    made = lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    named = {"FunctionName": function, "Qualifier": "live"}
    allowed = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    lambda_.add_permission(**named, **allowed, StatementId="a", RevisionId=made["RevisionId"])
    revision = lambda_.get_policy(**named)["RevisionId"]
    assert revision != made["RevisionId"]
    assert lambda_.get_alias(FunctionName=function, Name="live")["RevisionId"] == revision


def test_a_qualifier_with_a_dollar_sign_is_no_aliass(lambda_: Any, function: str) -> None:
    allowed = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com", "StatementId": "a"}
    found = refused(lambda_.add_permission, FunctionName=function, Qualifier="a-$", **allowed)
    assert found == (404, MISSING, f"Function not found: {arn(function, ':a-$')}")


def test_tags_are_given_to_what_is_there(lambda_: Any, function: str) -> None:
    tag = lambda_.tag_resource
    mapping = f"arn:aws:lambda:{REGION}:{ACCOUNT}:event-source-mapping:{'0' * 8}-0000-0000-0000-{'0' * 12}"
    provider = f"arn:aws:lambda:{REGION}:{ACCOUNT}:capacity-provider:none"
    for name, what in ((mapping, "Event source mapping"), (provider, "Capacity provider")):
        assert refused(tag, Resource=name, Tags={"a": "b"}) == (404, MISSING, f"{what} not found: {name}")
    found = refused(tag, Resource=arn(function), Tags={})
    assert found == (400, INVALID, "An error occurred and the request cannot be processed.")


def test_a_package_that_is_too_large_is_too_large_a_request(lambda_: Any, unique: str, role: str) -> None:
    message = "Zipped size must be smaller than 52428800 bytes"
    found = refused(
        create_function, client=lambda_, name=unique, role=role, Code={"ZipFile": bytes(52_428_801)}
    )
    assert found == (413, "RequestEntityTooLargeException", message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"Architectures": ["X86_64"]},
            (
                "Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy "
                "constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
            ),
        ),
        (
            {"SnapStart": {"ApplyOn": "Never"}},
            (
                "Value 'Never' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum "
                "value set: [PublishedVersions, None]"
            ),
        ),
    ],
)
def test_what_no_model_allows_is_refused_as_on_aws_also_where_the_sandbox_serves_no_other(
    lambda_: Any, unique: str, role: str, changes: dict[str, Any], message: str
) -> None:
    found = refused(create_function, client=lambda_, name=unique, role=role, **changes)
    assert found == (400, "ValidationException", f"1 validation error detected: {message}")


def test_a_weight_of_the_latest_code_is_none_of_a_version(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    message = (
        "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' "
        "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than "
        "or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular "
        "expression pattern: [0-9]+]"
    )
    found = refused(
        lambda_.create_alias,
        FunctionName=function,
        Name="a",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"$LATEST": 0.5}},
    )
    assert found == (400, "ValidationException", message)


def test_a_permission_may_name_an_organization_which_nobody_here_belongs_to(
    lambda_: Any, function: str
) -> None:
    made = lambda_.add_permission(
        FunctionName=function,
        StatementId="a",
        Action="lambda:InvokeFunction",
        Principal="*",
        PrincipalOrgID="o-1234567890",
    )
    assert '"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}' in made["Statement"]
