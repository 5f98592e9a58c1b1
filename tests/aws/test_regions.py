"""A Region that there is not is wrong usage, with the nearest that there are."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from lambda_over_https.aws import connecting
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import AWS, Settings


def refusal(folder: Path, **settings: Any) -> LohError:
    with pytest.raises(LohError) as refused:
        connecting.connect(Settings(**settings), folder, RunContext(lambda _: None), {})
    return refused.value


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS, or any other endpoint, has no address."""

    def fail(settings: Settings, access: Any, _: Any) -> None:
        address = settings.endpoint_url or f"https://sts.{access.session.region_name}.amazonaws.com/"
        raise EndpointConnectionError(endpoint_url=address)

    monkeypatch.setattr(connecting, "_identified", fail)


@pytest.mark.parametrize("target", ["sandbox", AWS])
@pytest.mark.parametrize(
    ("region", "suggested"),
    [
        ("eu-west-9", "eu-west-1, eu-west-2, eu-west-3."),
        ("eu-wset-1", "eu-west-1, "),
        ("nowhere", "af-south-1, ap-east-1, "),
        ("cn-north-2", "cn-north-1, "),
    ],
)
def test_the_nearest_regions_are_named_and_nothing_is_started(
    tmp_path: Path, unreachable: None, target: str, region: str, suggested: str
) -> None:
    refused = refusal(tmp_path, target=target, region=region)
    assert isinstance(refused, UsageError)
    assert refused.message == f"AWS has no Region {region}, as far as this version of boto3 knows."
    assert refused.hint.startswith(f"Choose another with --region: {suggested}")
    assert list(tmp_path.iterdir()) == []


def test_a_region_of_another_partition_is_none_of_the_sandboxs(tmp_path: Path) -> None:
    refused = refusal(tmp_path, region="cn-north-1")
    assert (refused.exit_code, "another partition of AWS, aws-cn" in refused.message) == (1, True)


@pytest.mark.parametrize("more", [{"region": "eu-west-1"}, {"region": "x-1", "endpoint_url": "http://h:1"}])
def test_no_region_is_blamed_for_a_network_that_is_down(
    tmp_path: Path, unreachable: None, more: dict[str, str]
) -> None:
    assert "did not get through" in refusal(tmp_path, target=AWS, **more).message
