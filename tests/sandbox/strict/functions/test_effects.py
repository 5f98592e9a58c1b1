"""What Lambda accepts has its effect, and what is deleted leaves none."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, package, refused


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.mark.parametrize("publish", [True, False])
def test_an_update_of_the_code_can_change_the_architecture(
    lambda_: Any, function: str, publish: bool
) -> None:
    changes = {"ZipFile": package(), "Architectures": ["arm64"], "Publish": publish}
    told = lambda_.update_function_code(FunctionName=function, **changes)
    assert told["Architectures"] == ["arm64"]
    assert lambda_.get_function_configuration(FunctionName=function)["Architectures"] == ["arm64"]


def test_a_version_takes_its_settings_along(lambda_: Any, function: str) -> None:
    lambda_.publish_version(FunctionName=function)
    named = {"FunctionName": function, "Qualifier": "1"}
    lambda_.put_function_event_invoke_config(**named, MaximumRetryAttempts=0)
    lambda_.put_provisioned_concurrency_config(**named, ProvisionedConcurrentExecutions=1)
    lambda_.delete_function(**named)
    configs = lambda_.list_function_event_invoke_configs(FunctionName=function)
    assert configs["FunctionEventInvokeConfigs"] == []
    provisioned = lambda_.list_provisioned_concurrency_configs(FunctionName=function)
    assert provisioned["ProvisionedConcurrencyConfigs"] == []
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (f"{REGION}:999999999999", (403, "AccessDeniedException")),
        (f"ap-southeast-1:{ACCOUNT}", (404, "ResourceNotFoundException")),
    ],
)
def test_tags_of_another_place_are_not_the_functions(
    lambda_: Any, function: str, place: str, refusal: tuple[int, str]
) -> None:
    elsewhere = f"arn:aws:lambda:{place}:function:{function}"
    own = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    lambda_.tag_resource(Resource=own, Tags={"owner": "me"})
    assert refused(lambda_.list_tags, Resource=elsewhere)[:2] == refusal
    assert refused(lambda_.tag_resource, Resource=elsewhere, Tags={"owner": "you"})[:2] == refusal
    assert refused(lambda_.untag_resource, Resource=elsewhere, TagKeys=["owner"])[:2] == refusal
    assert lambda_.list_tags(Resource=own)["Tags"] == {"owner": "me"}


@pytest.mark.parametrize("member", ["TenantId", "DurableExecutionName"])
def test_what_an_invocation_cannot_have_here_is_refused(lambda_: Any, function: str, member: str) -> None:
    assert refused(lambda_.invoke, FunctionName=function, **{member: "x"}) == (
        501,
        "NotImplemented",
        f"Not in this sandbox: {member} of Invoke. Leave it out, or use AWS itself for it.",
    )
