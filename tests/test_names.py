"""Names are the tutorial's, and never ones that AWS would refuse."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.errors import UsageError
from lambda_over_https.names import names_for


def test_the_default_deployment_has_exactly_the_tutorials_names() -> None:
    names = names_for("tutorial")
    assert names.role == "lambda-gateway-execution-role"
    assert names.function == "LambdaFunctionOverHttps"
    assert names.table == "LambdaTable"
    assert names.api == "DynamoDBOperations"
    assert names.log_group == "/aws/lambda/LambdaFunctionOverHttps"
    assert names.archive == "LambdaFunctionOverHttps.zip"


def test_another_name_goes_before_every_name() -> None:
    names = names_for("alice")
    assert names.role == "alice-lambda-gateway-execution-role"
    assert names.function == "alice-LambdaFunctionOverHttps"
    assert names.table == "alice-LambdaTable"
    assert names.api == "alice-DynamoDBOperations"


@given(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,33}", fullmatch=True))
def test_every_accepted_name_gives_names_that_aws_accepts(deployment: str) -> None:
    names = names_for(deployment)
    assert re.fullmatch(r"[\w+=,.@-]{1,64}", names.role)
    assert re.fullmatch(r"[\w+=,.@-]{1,128}", names.policy)
    assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", names.function)
    assert re.fullmatch(r"[a-zA-Z0-9_.-]{3,255}", names.table)
    assert re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", names.log_group)


@given(st.text().filter(lambda text: not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,33}", text)))
def test_any_other_text_is_refused_before_it_gets_anywhere(text: str) -> None:
    with pytest.raises(UsageError):
        names_for(text)


@pytest.mark.parametrize("bad", ["", "Alice", "../x", "a/b", "a b", "-a", "é", "a" * 35, "x\n"])
def test_a_name_that_could_do_harm_is_refused_with_a_hint(bad: str) -> None:
    with pytest.raises(UsageError) as refused:
        names_for(bad)
    assert "lower-case" in refused.value.hint
