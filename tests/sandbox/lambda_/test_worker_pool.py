"""What a pool promises whatever its workers do: workers in memory, no process."""

import asyncio

import pytest

from lambda_over_https.sandbox.lambda_.pool import PROCESSORS
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.worker import HandlerResult, WorkerGoneError
from lambda_over_https.sandbox.model.errors import AwsError
from tests.kit.in_memory.workers import Gate, Hall, WorkerInMemory, done, in_a_loop, until

# --- who gets which worker ---


@in_a_loop
async def test_a_worker_is_used_again_and_the_one_used_last_comes_first() -> None:
    hall = Hall()
    assert [await hall.invoke(name) for name in "ab"] == ["a by 0", "b by 0"]
    hall.work = gate = Gate()
    both = hall.begun("c", "d")
    await until(lambda: len(gate.came) == 2)
    gate.open()
    assert sorted(await asyncio.gather(*both)) == ["c by 0", "d by 1"]
    hall.work = done
    last = [each.number for each in hall.made if each.ran[-1] == "d"]
    assert await hall.invoke("e") == f"e by {last[0]}"


@in_a_loop
async def test_who_waits_longest_is_served_first() -> None:
    hall = Hall(Limits(workers=1))
    hall.work = gate = Gate()
    tasks = hall.begun(*"abcde")
    await until(lambda: gate.came)
    gate.open()
    await asyncio.gather(*tasks)
    assert hall.made[0].ran == list("abcde")
    assert len(hall.made) == 1


@in_a_loop
async def test_there_are_no_more_workers_than_the_limit_however_long_they_are_busy() -> None:
    hall = Hall(Limits(workers=PROCESSORS + 1, patience=0.001))
    hall.work = gate = Gate()
    tasks = hall.begun(*map(str, range(20)))
    await until(lambda: len(gate.came) == PROCESSORS + 1)
    await asyncio.sleep(0.05)
    assert len(hall.made) == PROCESSORS + 1
    gate.open()
    assert len(set(await asyncio.gather(*tasks))) == 20


@in_a_loop
async def test_more_than_may_wait_are_throttled_and_the_others_are_served() -> None:
    hall = Hall(Limits(workers=1, waiting=2))
    hall.work = gate = Gate()
    first = hall.begun("a")
    await until(lambda: gate.came)
    tasks = hall.begun("b", "c", "d")
    refused = await asyncio.gather(tasks[2], return_exceptions=True)
    assert isinstance(refused[0], AwsError)
    assert (refused[0].code, refused[0].status) == ("TooManyRequestsException", 429)
    gate.open()
    assert await asyncio.gather(*first, *tasks[:2]) == ["a by 0", "b by 0", "c by 0"]


# --- when another worker is started ---


@in_a_loop
async def test_the_first_invocation_starts_a_worker_at_once() -> None:
    hall = Hall(Limits(patience=60))
    assert await hall.invoke("a") == "a by 0"


@in_a_loop
async def test_the_next_waits_a_moment_before_it_gets_a_worker_of_its_own() -> None:
    hall = Hall(Limits(patience=60))
    hall.work = gate = Gate()
    tasks = hall.begun("a", "b")
    await until(lambda: gate.came)
    await asyncio.sleep(0.02)
    assert len(hall.made) == 1
    gate.open()
    assert await asyncio.gather(*tasks) == ["a by 0", "b by 0"]


@in_a_loop
async def test_no_more_start_at_once_than_there_are_processors() -> None:
    hall = Hall()
    hall.begin = gate = Gate()
    tasks = hall.begun(*map(str, range(PROCESSORS + 3)))
    await until(lambda: len(gate.came) == PROCESSORS)
    await asyncio.sleep(0.05)
    assert len(hall.made) == PROCESSORS
    gate.open()
    await asyncio.gather(*tasks)


@in_a_loop
async def test_beyond_the_processors_another_starts_only_if_all_are_busy_longer_than_a_start_takes() -> None:
    hall = Hall(Limits(patience=0.001))
    hall.begin = lambda _: asyncio.sleep(0.1)
    hall.work = gate = Gate()
    tasks = hall.begun(*map(str, range(PROCESSORS + 1)))
    await until(lambda: len(gate.came) == PROCESSORS)
    busy_for = asyncio.get_running_loop().time() - max(each.busy_since for each in hall.made)
    await asyncio.sleep(max(0.0, 0.05 - busy_for))
    assert len(hall.made) == PROCESSORS
    await until(lambda: len(gate.came) == PROCESSORS + 1)
    last_start = asyncio.get_running_loop().time() - hall.made[0].busy_since
    assert last_start >= 0.1
    gate.open()
    await asyncio.gather(*tasks)


# --- what goes wrong ---


@in_a_loop
async def test_an_event_that_a_dying_worker_did_not_take_goes_to_another() -> None:
    hall = Hall()

    async def first_one_is_gone(worker: WorkerInMemory, invocation: Invocation) -> HandlerResult:
        if worker.number == 0:
            worker.alive = False
            raise WorkerGoneError
        return await done(worker, invocation)

    hall.work = first_one_is_gone
    assert await hall.invoke("a") == "a by 1"
    assert hall.made[0].closed
    assert hall.open == [1]


@in_a_loop
async def test_a_worker_that_died_at_its_work_is_replaced_for_those_who_wait() -> None:
    hall = Hall(Limits(workers=1))

    async def die(worker: WorkerInMemory, invocation: Invocation) -> HandlerResult:
        worker.alive = False
        return await done(worker, invocation)

    hall.work = die
    assert sorted(await asyncio.gather(*hall.begun("a", "b", "c"))) == ["a by 0", "b by 1", "c by 2"]
    assert all(each.closed for each in hall.made)


@in_a_loop
async def test_why_a_worker_cannot_start_is_told_to_who_waits_longest_and_the_next_may_have_more_luck() -> (
    None
):
    hall = Hall(Limits(workers=1, patience=0.001))

    async def first_one_fails(worker: WorkerInMemory) -> None:
        if worker.number == 0:
            raise AwsError("AccessDeniedException", "no such role", 403)

    hall.begin = first_one_fails
    failed, served = await asyncio.gather(*hall.begun("a", "b"), return_exceptions=True)
    assert isinstance(failed, AwsError)
    assert failed.message == "no such role"
    assert served == "b by 1"


@in_a_loop
async def test_where_there_is_room_for_one_worker_only_each_failed_start_is_followed_by_another() -> None:
    """Nobody may be left waiting for ever, however long a start takes to fail."""
    hall = Hall(Limits(workers=1, patience=0.001))

    async def fails_slowly(worker: WorkerInMemory) -> None:
        await asyncio.sleep(0.02)
        raise AwsError("AccessDeniedException", f"start {worker.number}", 403)

    hall.begin = fails_slowly
    failures = await asyncio.gather(*hall.begun("a", "b", "c"), return_exceptions=True)
    assert [getattr(each, "message", each) for each in failures] == ["start 0", "start 1", "start 2"]


@in_a_loop
async def test_a_worker_whose_handler_cannot_be_loaded_says_so_and_is_not_used_again() -> None:
    hall = Hall()
    hall.stillborn = {0}
    assert await hall.invoke("a") == "a by 0", "it is the one that knows why"
    assert await hall.invoke("b") == "b by 1"
    assert hall.made[0].closed


@in_a_loop
async def test_a_worker_whose_handler_cannot_be_loaded_and_for_whom_nobody_waits_ends() -> None:
    hall = Hall()
    hall.stillborn = {0}
    hall.begin = gate = Gate()
    [task] = hall.begun("a")
    await until(lambda: gate.came)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    gate.open()
    await until(lambda: hall.made[0].closed)
    assert hall.pool.ended


# --- calls that are given up ---


@in_a_loop
async def test_a_call_given_up_while_it_waits_takes_no_worker() -> None:
    hall = Hall(Limits(workers=1))
    hall.work = gate = Gate()
    first, given_up, last = hall.begun("a", "b", "c")
    await until(lambda: gate.came)
    given_up.cancel()
    gate.open()
    assert list(await asyncio.gather(first, last)) == ["a by 0", "c by 0"]
    assert hall.made[0].ran == ["a", "c"]
    with pytest.raises(asyncio.CancelledError):
        await given_up


@in_a_loop
async def test_a_call_given_up_as_it_gets_its_worker_leaves_it_to_the_next() -> None:
    hall = Hall(Limits(workers=1))
    given_up: asyncio.Task[str] | None = None

    async def give_up(worker: WorkerInMemory, invocation: Invocation) -> HandlerResult:
        if given_up and invocation.request_id == "a":
            asyncio.get_running_loop().call_soon(given_up.cancel)
        return await done(worker, invocation)

    hall.work = give_up
    first, given_up, last = hall.begun("a", "b", "c")
    assert list(await asyncio.gather(first, last)) == ["a by 0", "c by 0"]
    assert hall.open == [0]


@in_a_loop
async def test_a_call_given_up_at_its_work_costs_its_worker_and_nobody_else_s() -> None:
    hall = Hall(Limits(workers=2, patience=0.001))
    hall.work = gate = Gate()
    given_up, other = hall.begun("a", "b")
    await until(lambda: len(gate.came) == 2)
    mine = next(each for each in hall.made if "a" in each.ran)
    given_up.cancel()
    await until(lambda: mine.closed)
    gate.open()
    assert (await other).startswith("b by ")
    assert hall.open == [1 - mine.number]


# --- the end ---


@in_a_loop
async def test_a_retired_pool_ends_each_worker_when_it_is_idle_and_serves_who_waits() -> None:
    hall = Hall(Limits(workers=1))
    hall.work = gate = Gate()
    tasks = hall.begun("a", "b")
    await until(lambda: gate.came)
    hall.pool.retire()
    assert not hall.pool.ended
    gate.open()
    assert await asyncio.gather(*tasks) == ["a by 0", "b by 0"]
    await until(lambda: hall.pool.ended)
    assert hall.open == []


@in_a_loop
async def test_a_retired_pool_ends_its_idle_workers_at_once() -> None:
    hall = Hall()
    await hall.invoke("a")
    hall.pool.retire()
    await until(lambda: hall.pool.ended)
    assert hall.open == []


@in_a_loop
async def test_a_pool_that_is_closed_ends_its_workers_busy_idle_and_starting() -> None:
    hall = Hall(Limits(workers=3, patience=0.001))
    await hall.invoke("a")
    hall.work = busy = Gate()
    hall.begin = starting = Gate()
    tasks = hall.begun("b", "c")
    await until(lambda: busy.came and starting.came)
    await hall.pool.close()
    assert hall.made[0].closed
    assert hall.pool.ended
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@in_a_loop
async def test_workers_end_when_they_were_idle_too_long_and_those_used_since_stay() -> None:
    hall = Hall(Limits(patience=0.001, idle=0.2))
    hall.work = gate = Gate()
    tasks = hall.begun("a", "b")
    await until(lambda: len(gate.came) == 2)
    gate.open()
    await asyncio.gather(*tasks)
    hall.work = done
    used = hall.made.index(next(each for each in hall.made if each.ran[-1] == "b"))
    end = asyncio.get_running_loop().time() + 0.3
    while asyncio.get_running_loop().time() < end:
        last = int((await hall.invoke("x"))[-1])
        await asyncio.sleep(0.01)
    assert hall.open == [last]
    assert last == used
    await until(lambda: hall.pool.ended)
    assert hall.open == []


async def allocated(hall: Hall, count: int | None) -> None:
    """Wait until the pool has so many of the workers to be kept."""
    while hall.pool.allocated != count:
        await asyncio.sleep(0)


def test_provisioned_workers_start_ahead_and_stay() -> None:
    async def work() -> None:
        hall = Hall(Limits(patience=0.001, idle=0.001))
        hall.pool.provision(2)
        await allocated(hall, 2)
        for _ in range(3):
            await hall.invoke("x")
            await asyncio.sleep(0.005)
        assert hall.provisioned == [True, True]
        assert [worker.alive for worker in hall.made] == [True, True]
        await hall.pool.close()

    asyncio.run(work())


def test_a_provisioned_worker_that_dies_is_replaced_and_one_that_cannot_start_is_told() -> None:
    async def die(worker: WorkerInMemory, invocation: Invocation) -> HandlerResult:
        worker.alive = False
        return await done(worker, invocation)

    async def work() -> None:
        hall = Hall()
        hall.pool.provision(1)
        await allocated(hall, 1)
        hall.work = die
        await hall.invoke("x")
        await allocated(hall, 1)
        assert len(hall.made) == 2
        hall.stillborn.add(2)
        hall.pool.provision(2)
        await allocated(hall, None)
        await hall.pool.close()

    asyncio.run(work())
