"""The bundle that ``loh sandbox env`` names: it adds the sandbox's authority, and takes none away."""

import ssl
from pathlib import Path

import pytest
import trustme

from lambda_over_https.sandbox.client.trust import VARIABLES, write_bundle


def _authority(path: Path) -> bytes:
    """A new authority, whose certificate is in ``path``; returns it in DER."""
    own = trustme.CA()
    own.cert_pem.write_to_path(str(path))
    return ssl.PEM_cert_to_DER_cert(own.cert_pem.bytes().decode())


def _trusted(bundle: Path) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(bundle)
    return set(context.get_ca_certs(binary_form=True))


def test_it_holds_the_sandboxs_authority_and_those_of_the_system(tmp_path: Path) -> None:
    ours = _authority(tmp_path / "ca.pem")
    trusted = _trusted(write_bundle(tmp_path / "ca.pem", {}))
    assert ours in trusted
    assert len(trusted) > 50


@pytest.mark.parametrize("variable", VARIABLES)
def test_it_holds_the_authority_that_a_variable_names_already(tmp_path: Path, variable: str) -> None:
    ours, companys = _authority(tmp_path / "ca.pem"), _authority(tmp_path / "company.pem")
    trusted = _trusted(write_bundle(tmp_path / "ca.pem", {variable: str(tmp_path / "company.pem")}))
    assert {ours, companys} < trusted


def test_written_again_it_keeps_all_but_the_authority_of_the_sandbox_before(tmp_path: Path) -> None:
    before, companys = _authority(tmp_path / "ca.pem"), _authority(tmp_path / "company.pem")
    first = write_bundle(tmp_path / "ca.pem", {"SSL_CERT_FILE": str(tmp_path / "company.pem")})
    ours = _authority(tmp_path / "ca.pem")
    trusted = _trusted(write_bundle(tmp_path / "ca.pem", dict.fromkeys(VARIABLES, str(first))))
    assert {ours, companys} < trusted
    assert before not in trusted


def test_a_variable_that_names_no_file_is_no_obstacle(tmp_path: Path) -> None:
    ours = _authority(tmp_path / "ca.pem")
    assert ours in _trusted(write_bundle(tmp_path / "ca.pem", {"SSL_CERT_FILE": str(tmp_path / "none")}))
