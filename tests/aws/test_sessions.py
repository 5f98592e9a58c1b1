"""A sealed session knows nothing that the user has set for AWS; the user's own knows all of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.configprovider
import pytest

from lambda_over_https.aws.sessions import sealed_access, user_access
from lambda_over_https.settings import Settings


def _variables() -> Iterator[str]:
    """Every variable that botocore reads as a setting."""
    for _, names, _, _ in botocore.configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES.values():
        yield from names if isinstance(names, list) else [names] if names else []


SERVICES = ("iam", "lambda", "dynamodb", "apigateway", "logs", "sts", "resourcegroupstaggingapi")


def _client(service: str = "sts", **more: Any) -> Any:
    return sealed_access("eu-west-3").session.client(service, **more)  # type: ignore[call-overload]


@pytest.mark.parametrize("name", sorted({*_variables(), "REQUESTS_CA_BUNDLE"}))
def test_no_variable_changes_a_sealed_session(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _settings()
    monkeypatch.setenv(name, "nonsense")
    assert _settings() == before
    _client()


def _settings() -> dict[str, Any]:
    session = sealed_access("eu-west-3").session._session
    names = botocore.configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES
    return {name: session.get_config_variable(name) for name in names}


@pytest.mark.parametrize(
    "name",
    ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"],
)
def test_no_variable_leads_a_sealed_client_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _client().meta.endpoint_url
    monkeypatch.setenv(name, "http://127.0.0.1:1" if "URL" in name else "true")
    assert _client().meta.endpoint_url == before


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"])
def test_a_sealed_client_has_no_proxy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    http = _client(endpoint_url="http://127.0.0.1:8470")._endpoint.http_session
    assert http._proxy_config.proxy_url_for("http://127.0.0.1:8470") is None


def test_no_file_of_the_users_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "user" / ".aws"
    folder.mkdir(parents=True)
    for name in ("config", "credentials"):
        (folder / name).write_text("no section here\n")
        monkeypatch.delenv({"config": "AWS_CONFIG_FILE", "credentials": "AWS_SHARED_CREDENTIALS_FILE"}[name])
    session = sealed_access("eu-west-3").session
    assert not any(session._session.full_config.values())
    for service in SERVICES:
        session.client(service)  # type: ignore[call-overload]


def test_a_sealed_client_knows_only_the_models_that_botocore_brings_along() -> None:
    loader = _client()._loader
    assert str(Path.home() / ".aws" / "models") not in loader.search_paths
    assert all(Path(path).name == "data" for path in loader.search_paths)


def test_every_sealed_client_has_the_chosen_region_and_keys() -> None:
    for service in SERVICES:
        client = _client(service)
        assert client.meta.region_name == ("aws-global" if service == "iam" else "eu-west-3")
        assert client._get_credentials().access_key == "none"


def test_the_users_own_session_obeys_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own")
    client = user_access(Settings(), "eu-west-3").session.client("sts")
    assert client.meta.endpoint_url == "http://127.0.0.1:1"
