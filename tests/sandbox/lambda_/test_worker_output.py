"""What a function prints: when it is in its log group, how it is cut, and the lines that Lambda adds."""

import asyncio
import re
import time

from tests.kit.sandbox.lambda_fixtures import Opener, lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import Lab, eventually


def test_the_log_of_a_cold_and_a_warm_start(lab: Lab) -> None:
    function = lab.python(
        "import sys\nprint('loading')\n"
        "def handler(event, context):\n"
        "    print('out')\n    print('err', file=sys.stderr)\n    print('ü', end='')\n"
    )
    cold, warm = lab.invoke(function), lab.invoke(function)
    assert re.fullmatch(
        r"INIT_START Runtime Version: python [\d.]+ of this machine\n"
        "loading\n"
        rf"START RequestId: {cold.request_id} Version: \$LATEST\n"
        "out\nerr\nü"
        f"END RequestId: {cold.request_id}\n"
        rf"REPORT RequestId: {cold.request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms"
        r"\tMemory Size: 128 MB"
        r"(\tMax Memory Used: \d+ MB)?\tInit Duration: [\d.]+ ms\t\n",
        cold.log.decode(),
    )
    assert re.fullmatch(
        rf"START RequestId: {warm.request_id} Version: \$LATEST\n"
        "out\nerr\nü"
        f"END RequestId: {warm.request_id}\n"
        rf"REPORT RequestId: {warm.request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms"
        r"\tMemory Size: 128 MB"
        r"(\tMax Memory Used: \d+ MB)?\t\n",
        warm.log.decode(),
    )


def test_output_is_in_the_functions_log_group_when_the_answer_is_there(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    print('hello', event)\n", name="speaker")
    lab.invoke(function, 1)
    lab.invoke(function, 2)
    events = [entry for entry in lab.state.logged if entry[0] == "/aws/lambda/speaker"]
    assert [text for _, _, text, _ in events if text.startswith("hello")] == ["hello 1\n", "hello 2\n"]
    [stream] = {entry[1] for entry in events}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    times = [at for _, _, _, at in events]
    assert times == sorted(times)
    assert abs(times[-1] / 1000 - time.time()) < 60


def test_a_logged_error_of_several_lines_is_one_event(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    raise ValueError('bad')\n", name="failing")
    lab.invoke(function)
    [text] = [
        entry[2] for entry in lab.state.logged if entry[0] == "/aws/lambda/failing" and "[ERROR]" in entry[2]
    ]
    assert text.startswith("[ERROR] ValueError: bad\nTraceback (most recent call last):\n")


def test_a_log_record_of_several_lines_is_one_event(lab: Lab) -> None:
    function = lab.python(
        "import logging\n"
        "def handler(event, context):\n"
        "    try:\n        event['x']\n"
        "    except TypeError:\n        logging.exception('not\\nso')\n"
        "    print('after')\n",
        name="logging",
    )
    outcome = lab.invoke(function)
    events = [entry[2] for entry in lab.state.logged if entry[0] == "/aws/lambda/logging"]
    [record] = [text for text in events if text.startswith("[ERROR]")]
    assert re.match(rf"\[ERROR\]\t\d{{4}}-\S+Z\t{outcome.request_id}\tnot\nso\n", record)
    assert record.endswith("TypeError: 'NoneType' object is not subscriptable\n")
    assert events[events.index(record) + 1] == "after\n"


def test_the_tail_of_the_log_is_its_last_4_kib(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    print('a' * 3000)\n    print('b' * 3000)\n")
    tail = lab.invoke(function).log
    assert len(tail) == 4096
    assert tail.startswith(b"a")
    assert b"REPORT" in tail


def test_a_flood_of_output_is_cut_short_and_harms_nobody(lab: Lab) -> None:
    function = lab.python(
        "def handler(event, context):\n"
        "    for _ in range(20):\n        print('x' * 999_999)\n    return 'done'\n",
        name="flood",
    )
    assert lab.result(function) == "done"
    events = [entry[2] for entry in lab.state.logged if entry[0] == "/aws/lambda/flood"]
    assert max(len(text.encode()) for text in events) <= 256 * 1024
    assert sum(map(len, events)) < 5_000_000
    assert "The rest of this invocation's output is dropped: it is over 4194304 bytes\n" in events
    assert lab.result(function) == "done"


def test_threads_that_outlive_their_event_go_on_writing(lab: Lab) -> None:
    function = lab.python(
        "import threading, time\n"
        "def chatter():\n"
        "    while True:\n"
        "        print('chatter')\n"
        "        time.sleep(0.001)\n"
        "def handler(event, context):\n"
        "    threading.Thread(target=chatter, daemon=True).start()\n"
        "    return event\n",
        name="leaky",
    )
    assert [lab.result(function, number) for number in range(5)] == list(range(5))

    def heard() -> bool:
        lab.do(asyncio.sleep(0.01))
        return any(
            group == "/aws/lambda/leaky" and "chatter" in text for group, _, text, _ in lab.state.logged
        )

    assert eventually(heard)


def test_every_traceback_names_files_as_on_aws(lab: Lab) -> None:
    function = lab.python(
        "import logging, traceback, warnings\n"
        "def fail():\n    raise ValueError('bad')  # the line\n"
        "def handler(event, context):\n"
        "    warnings.warn('old')\n"
        "    try:\n        fail()\n"
        "    except ValueError:\n"
        "        logging.exception('caught')\n        traceback.print_exc()\n"
        "    raise KeyboardInterrupt\n"
    )
    log = lab.invoke(function).log.decode()
    told = "  File \"/var/task/main.py\", line 3, in fail\n    raise ValueError('bad')  # the line\n"
    assert log.replace("\r", "\n").count(told) == 2
    assert 'File "/var/task/main.py", line 11, in handler\n    raise KeyboardInterrupt\n' in log
    assert "/var/task/main.py:5: UserWarning: old\n" in log


def test_a_traceback_names_the_runtimes_own_files_as_on_aws(lab: Lab) -> None:
    trace = lab.error(lab.python("def handler(event):\n    return json.loads('')\n"))["stackTrace"]
    assert 'File "/var/lang/lib/python3.14/site-packages/awslambdaric/bootstrap.py"' in trace[0]
    source = "import json\ndef handler(event, context):\n    return json.loads('')\n"
    trace = lab.error(lab.python(source))["stackTrace"]
    assert ['"/var/task/main.py"' in trace[0], '"/var/lang/lib/python3.14/json/__init__.py"' in trace[1]] == [
        True,
        True,
    ]


def test_a_syntax_error_names_the_file_as_on_aws(lab: Lab) -> None:
    error = lab.error(lab.python("def handler(event, context)\n    return event\n"))
    assert (error["errorType"], error["stackTrace"]) == (
        "Runtime.UserCodeSyntaxError",
        ['  File "/var/task/main.py" Line 1\n    def handler(event, context)\n'],
    )
