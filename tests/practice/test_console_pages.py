"""Where AWS's own console shows what a step made."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lambda_over_https.aws.place import Place
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.console_pages import console_page
from lambda_over_https.practice.rehearsal.rehearsing import imagined
from lambda_over_https.settings import Settings
from lambda_over_https.tutorial.steps import STEPS

AWS = Place("aws", "111122223333", "eu-central-1", "aws", "arn:aws:iam::111122223333:user/x")


@pytest.fixture
def stack() -> Iterator[Stack]:
    with imagined(Settings(name="alice"), None) as stack:
        yield replace(stack, place=AWS)


@pytest.mark.parametrize(
    ("step", "page"),
    [
        ("2.2", "iam/home?region=eu-central-1#/roles/details/alice-lambda-gateway-execution-role"),
        ("2.3", "lambda/home?region=eu-central-1#/functions/alice-LambdaFunctionOverHttps"),
        ("2.4", "dynamodbv2/home?region=eu-central-1#table?name=alice-LambdaTable"),
        ("3.2", "apigateway/main/apis/API_ID/resources?api=API_ID&region=eu-central-1"),
        ("3.5", "apigateway/main/apis/API_ID/stages?api=API_ID&region=eu-central-1"),
        ("3.6", "lambda/home?region=eu-central-1#/functions/alice-LambdaFunctionOverHttps?tab=permissions"),
    ],
)
def test_a_step_has_the_page_of_what_it_made(stack: Stack, step: str, page: str) -> None:
    assert console_page(step, stack) == f"https://eu-central-1.console.aws.amazon.com/{page}"


def test_every_step_has_a_page_on_aws_and_none_elsewhere(stack: Stack) -> None:
    assert all(console_page(step.number, stack) for step in STEPS)
    elsewhere = [replace(AWS, target="sandbox"), replace(AWS, endpoint_url="http://localhost:4566")]
    for place in elsewhere:
        assert not any(console_page(step.number, replace(stack, place=place)) for step in STEPS)


def test_china_and_govcloud_have_consoles_of_their_own(stack: Stack) -> None:
    china = replace(stack, place=replace(AWS, region="cn-north-1", partition="aws-cn"))
    assert console_page("2.4", china).startswith("https://cn-north-1.console.amazonaws.cn/")
    government = replace(stack, place=replace(AWS, region="us-gov-west-1", partition="aws-us-gov"))
    assert console_page("2.4", government).startswith("https://us-gov-west-1.console.amazonaws-us-gov.com/")
