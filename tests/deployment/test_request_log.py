"""The file of the requests that the program has sent: private, one deployment's, and of bounded size."""

from dataclasses import replace
from pathlib import Path

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.request_log import FILE, LONGEST, RequestLog
from lambda_over_https.events import Event, Note, Requested

DEPLOYMENT = Deployment(
    "one-1", "one", "aws", "123456789012", "us-east-1", "", "", "2026-01-01T00:00:00+00:00"
)


def _requested(id_: str = "r1", status: int = 200, answer: str = "{}", body: str = "{}") -> Requested:
    url = "https://abc.execute-api.us-east-1.amazonaws.com/prod/DynamoDBManager"
    return Requested("3.7", id_, "POST", url, body, status, answer, 12.5)


def test_the_file_is_made_for_the_first_request_is_private_and_does_not_grow(tmp_path: Path) -> None:
    heard: list[Event] = []
    kept, path = RequestLog(heard.append), tmp_path / FILE
    kept.open(tmp_path, DEPLOYMENT)
    kept(Note("", "no request"))
    assert not path.exists()
    for number in range(60):
        kept(_requested(f"r{number}", body="x" * 20_000))
    assert path.stat().st_size < LONGEST + 25_000
    assert path.stat().st_mode & 0o077 == 0
    assert b'"id":"r59"' in path.read_bytes().splitlines()[-1]
    assert len(heard) == 61


def test_requests_of_an_earlier_deployment_are_not_this_ones(tmp_path: Path) -> None:
    for id_ in ("one-1", "two-2"):
        kept = RequestLog(lambda _: None)
        kept.open(tmp_path, replace(DEPLOYMENT, id=id_))
        kept(_requested(id_))
    assert b"one-1" not in (tmp_path / FILE).read_bytes()
