"""What is counted of the requests that the board has seen."""

from typing import Any

from lambda_over_https.board.tally import Tally
from tests.board.test_vocabulary import described

BUCKET = {"name": "stage bucket", "left": 1.5, "size": 3, "rate": 2}


def _request(*hops: str, stopped: str = "", limits: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"at": "now", "hops": [{"name": hop} for hop in hops], "stopped": stopped, "limits": list(limits)}


def test_requests_are_counted_by_what_stopped_them_and_by_the_cache() -> None:
    tally = Tally()
    tally.add(_request("gateway", "function", limits=(BUCKET,)))
    tally.add(_request("gateway", "cache"))
    for kind in ("THROTTLED", "THROTTLED", "WAF_FILTERED"):
        tally.add(_request("gateway", stopped=kind))
    assert tally.document() == {
        "requests": 5,
        "from_cache": 1,
        "stopped": {"THROTTLED": 2, "WAF_FILTERED": 1},
        "limits": [{**BUCKET, "at": "now"}],
    }
    assert set(tally.document()) <= described("tally")
