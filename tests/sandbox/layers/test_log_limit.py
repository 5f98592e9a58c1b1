"""Log events are kept within a bound; the oldest go first, whoever has put them."""

import gc
import time

from lambda_over_https.sandbox.layers.log_limit import EVENT_BYTES, LogLimit


class Stream:
    """Of moto's log streams, as much as the limit touches."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def add(self, limit: LogLimit, *texts: str) -> None:
        self.events += texts
        limit.count(self, list(texts))


SIZE = EVENT_BYTES + 10


def test_the_oldest_events_go_first_wherever_they_are() -> None:
    limit, one, two = LogLimit(most=3 * SIZE), Stream(), Stream()
    for number in range(3):
        one.add(limit, f"one {number:6}")
        two.add(limit, f"two {number:6}")
    assert one.events == ["one      2"]
    assert two.events == ["two      1", "two      2"]


def test_what_was_put_together_goes_together_and_the_newest_stays_however_large() -> None:
    limit, stream = LogLimit(most=3 * SIZE), Stream()
    stream.add(limit, "a", "b")
    stream.add(limit, "c" * 10_000)
    assert stream.events == ["c" * 10_000]


def test_a_stream_that_was_deleted_is_no_hindrance() -> None:
    limit, stream = LogLimit(most=2 * SIZE), Stream()
    Stream().add(limit, "gone")
    gc.collect()
    for _ in range(5):
        stream.add(limit, "x" * 10)
    assert len(stream.events) == 2


def test_counting_takes_no_time_to_speak_of() -> None:
    limit, stream, began = LogLimit(most=1000 * SIZE), Stream(), time.process_time()
    for _ in range(20_000):
        stream.add(limit, "x")
    assert len(stream.events) <= 1001 * SIZE / (EVENT_BYTES + 1)
    assert time.process_time() - began < 5
