"""Names of functions in calls of the control plane: of other places, and of versions where none can be."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_function, package, refused

OTHER = "999999999999"
ONLY_LATEST = (
    400,
    "InvalidParameterValueException",
    (
        "Current operation does not support versions other than $LATEST. Please set the version to $LATEST "
        "or do not set a version in your request."
    ),
)


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def live(lambda_: Any, function: str) -> str:
    """The name of a function with version 1, and the alias live of it."""
    lambda_.publish_version(FunctionName=function)
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    return function


def names(client: Any) -> set[str]:
    pages = client.get_paginator("list_functions").paginate()
    return {each["FunctionName"] for page in pages for each in page["Functions"]}


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ("{}:1", (400, "InvalidParameterValueException")),
        ("{}:$LATEST", (400, "InvalidParameterValueException")),
        (f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}:live", (400, "InvalidParameterValueException")),
        (f"arn:aws:lambda:{REGION}:{OTHER}:function:{{}}", (403, "AccessDeniedException")),
        (f"{OTHER}:function:{{}}", (403, "AccessDeniedException")),
        (f"arn:aws:lambda:ap-southeast-1:{ACCOUNT}:function:{{}}", (404, "ResourceNotFoundException")),
    ],
)
def test_a_name_of_another_place_or_a_version_makes_no_function(
    lambda_: Any, unique: str, role: str, form: str, refusal: tuple[int, str]
) -> None:
    assert refused(create_function, client=lambda_, name=form.format(unique), role=role)[:2] == refusal
    assert unique not in names(lambda_)


def test_an_arn_and_a_part_of_it_make_the_function_they_name(lambda_: Any, unique: str, role: str) -> None:
    for form in (f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{unique}a", f"{ACCOUNT}:function:{unique}b"):
        create_function(lambda_, form, role)
    assert {f"{unique}a", f"{unique}b"} <= names(lambda_)


@pytest.mark.parametrize("qualifier", ["1", "live", "none"])
@pytest.mark.parametrize(
    ("call", "more"),
    [
        ("update_function_code", {"ZipFile": package("changed = 1\n")}),
        ("update_function_configuration", {"Timeout": 9}),
        ("publish_version", {}),
        ("create_alias", {"Name": "other", "FunctionVersion": "1"}),
        ("update_alias", {"Name": "live", "FunctionVersion": "$LATEST"}),
        ("delete_alias", {"Name": "live"}),
        ("list_aliases", {}),
    ],
)
def test_what_is_done_to_a_function_cannot_be_done_to_its_versions(
    lambda_: Any, live: str, qualifier: str, call: str, more: dict[str, Any]
) -> None:
    before = lambda_.get_function(FunctionName=live, Qualifier="1")["Configuration"]
    assert refused(getattr(lambda_, call), FunctionName=f"{live}:{qualifier}", **more) == ONLY_LATEST
    assert lambda_.get_function(FunctionName=live, Qualifier="1")["Configuration"] == before
    assert lambda_.get_alias(FunctionName=live, Name="live")["FunctionVersion"] == "1"


def test_latest_is_the_function_itself(lambda_: Any, function: str) -> None:
    lambda_.update_function_configuration(FunctionName=f"{function}:$LATEST", Timeout=9)
    assert lambda_.get_function_configuration(FunctionName=function)["Timeout"] == 9


@pytest.mark.parametrize(
    "call", ["get_function", "delete_function", "update_function_configuration", "invoke"]
)
def test_functions_of_another_account_are_not_the_callers(lambda_: Any, function: str, call: str) -> None:
    """Recorded on AWS for CreateFunction; for others as IAM words a refusal."""
    arn = f"arn:aws:lambda:{REGION}:{OTHER}:function:{function}"
    action = "InvokeFunction" if call == "invoke" else "".join(part.title() for part in call.split("_"))
    assert refused(getattr(lambda_, call), FunctionName=arn) == (
        403,
        "AccessDeniedException",
        (
            f"User is not authorized to perform: lambda:{action} on resource: {arn} because no "
            f"resource-based policy allows the lambda:{action} action"
        ),
    )
    assert function in names(lambda_)
