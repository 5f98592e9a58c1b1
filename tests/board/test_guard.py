"""Who may read the board: its own page in the user's browser, and nobody else."""

import stat
from pathlib import Path

import pytest

from lambda_over_https.board.guard import path_token
from tests.kit.board.boards import board


def test_every_answer_forbids_the_page_to_load_or_be_used_by_anything_else() -> None:
    with board() as running:
        for path in ("/", "/board.css", "/nothing", ""):
            headers = running.get(path).headers
            policy = headers["content-security-policy"].split("; ")
            assert policy[0] == "default-src 'none'"
            assert "script-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "require-trusted-types-for 'script'" in policy
            assert not [part for part in policy if "unsafe" in part or "*" in part or "http" in part]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/events"])
def test_another_host_name_or_another_sites_page_is_refused(headers: dict[str, str], path: str) -> None:
    with board() as running:
        assert running.get(path, **headers).status == 403


def test_the_boards_own_page_is_served_under_both_names_of_this_machine() -> None:
    with board() as running:
        port = running.url.rpartition(":")[2].partition("/")[0]
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            own = {"Host": host, "Origin": f"http://{host}", "Sec_Fetch_Site": "same-origin"}
            assert running.get("/", **own).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_the_board_can_only_be_read(method: str) -> None:
    with board() as running:
        assert running.get("/", method).status == 405


@pytest.mark.parametrize(
    "path",
    ["/", "/events", "/board.css", "/0123456789abcdef0123456789abcdef/", "/%2e%2e/", "//", "/..", "/*"],
)
def test_without_the_secret_part_of_the_address_nothing_is_there(path: str) -> None:
    with board() as running:
        assert running.get(whole=path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/%2e%2e/server.py",
        "/..%2fserver.py",
        "/page/index.html",
        "//etc/passwd",
        "/.",
        "/a\\b",
    ],
)
def test_no_file_but_the_pages_own_is_served(path: str) -> None:
    with board() as running:
        assert running.get(path).status == 404


def test_the_address_without_its_slash_leads_to_the_page() -> None:
    with board() as running:
        answer = running.get("")
        assert (answer.status, answer.headers["location"]) == (307, f"/{running.url.rpartition('/')[2]}/")


def test_the_secret_part_is_the_users_alone_and_the_same_the_next_time(tmp_path: Path) -> None:
    token = path_token(tmp_path / "home")
    assert len(token) == 32
    assert path_token(tmp_path / "home") == token
    assert stat.S_IMODE((tmp_path / "home" / "board.token").stat().st_mode) == 0o600
    assert path_token(tmp_path / "other") != token


@pytest.mark.parametrize("content", [b"", b"a/b", b"../..", b"\xff\xfe", b"a b"])
def test_a_spoilt_secret_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "board.token").write_bytes(content)
    assert path_token(tmp_path).isalnum()
