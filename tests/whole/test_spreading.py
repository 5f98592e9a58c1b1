"""Where changes take their time to reach clients, as on AWS, what a learner tries shows the change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon
from tests.kit.program.support import loh

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def slow_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder with a sandbox that takes a fifth of AWS's time."""
    home = tmp_path_factory.mktemp("slow")
    daemon.start(home, port=0, timing_factor=0.2)
    yield home
    daemon.stop(home)


@pytest.fixture
def timed(slow_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole deployment, in that sandbox."""
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(slow_world))
    assert loh("run", "--no-pause").code == 0


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("drill", ["redeploy", "permission"])
def test_a_drill_shows_what_it_breaks(drill: str) -> None:
    ran = loh("drill", drill, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["as_foretold"] is True


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("chapter", ["cors", "keys"])
def test_a_chapter_is_on_when_clients_get_it(chapter: str) -> None:
    on = loh("chapter", "on", chapter, "--no-pause")
    assert on.code == 0, on.err
    tried = loh("chapter", "try", chapter, "--json")
    assert tried.code == 0, tried.err
    assert tried.json["foretold"] is True
    assert loh("chapter", "off", chapter).code == 0
