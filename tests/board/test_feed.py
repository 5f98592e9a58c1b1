"""Numbered events for any number of readers, each at its own pace."""

import asyncio
import json

from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.board.feed import Feed
from lambda_over_https.board.vocabulary import Event


def _published(count: int, kept: int = 500) -> Feed:
    feed = Feed(kept)
    for number in range(count):
        feed.publish(Event.CALL, {"number": number})
    return feed


def _numbers(text: bytes) -> list[int]:
    lines = [line for line in text.decode().splitlines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: "))["number"] for line in lines]


def _last_id(text: bytes) -> str:
    return [line for line in text.decode().splitlines() if line.startswith("id: ")][-1].removeprefix("id: ")


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_reader_who_comes_back_gets_what_was_missed_once_and_in_order(
    had: int, missed: int, kept: int
) -> None:
    feed = _published(had, kept)
    event_id = _last_id(feed.after(feed.last - 1) or b"")
    for number in range(had, had + missed):
        feed.publish(Event.CALL, {"number": number})
    position = feed.number_of(event_id)
    if missed > kept:
        assert position is None
    else:
        assert position is not None
        assert _numbers(feed.after(position) or b"") == list(range(had, had + missed))


def test_a_reader_who_missed_too_much_is_not_given_a_part_of_it() -> None:
    feed = _published(10, kept=3)
    assert feed.after(6) is None
    assert _numbers(feed.after(7) or b"") == [7, 8, 9]


def test_an_id_of_another_run_of_the_board_or_of_nobody_means_nothing() -> None:
    feed, other = _published(3), _published(3)
    theirs = _last_id(other.after(2) or b"")
    ours = _last_id(feed.after(2) or b"")
    run = ours.partition("-")[0]
    for event_id in (theirs, "", "3", "-", f"{run}-", f"{run}-4", f"{run}--1", f"{run}-x", f"{run}-²", run):
        assert feed.number_of(event_id) is None
    assert feed.number_of(ours) == 3


def test_what_is_kept_does_not_grow() -> None:
    feed = _published(5000, kept=50)
    assert len(_numbers(feed.after(feed.last - 50) or b"")) == 50


def test_no_text_can_end_an_event_early() -> None:
    feed = Feed()
    feed.publish(Event.CALL, {"number": 1, "text": "a\n\nevent: snapshot\r\ndata: {}\r\r\u2028\u0085b"})
    sent = (feed.after(0) or b"").decode()
    assert sent.count("\n\n") == 1
    assert sent.endswith("\n\n")
    assert [line.partition(":")[0] for line in sent.rstrip("\n").splitlines()] == ["id", "event", "data"]


def test_a_waiting_reader_is_woken_by_an_event_and_by_the_end() -> None:
    async def scene() -> list[int]:
        feed, woken = Feed(), []

        async def read(number: int) -> None:
            await feed.more(number)
            woken.append(number)

        readers = [asyncio.ensure_future(read(number)) for number in (0, 1)]
        await asyncio.sleep(0)
        feed.publish(Event.CALL, {})
        await readers[0]
        assert woken == [0]
        feed.close()
        await readers[1]
        return woken

    assert asyncio.run(scene()) == [0, 1]
