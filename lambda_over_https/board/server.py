"""Serves the board on loopback until it is told to stop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lambda_over_https.board.classes.account import ClassAccount
from lambda_over_https.board.classes.looks import Looks, examiner
from lambda_over_https.board.classes.scene import ClassScene
from lambda_over_https.board.classes.watching import ClassWatcher, pause_of
from lambda_over_https.board.feed import Feed
from lambda_over_https.board.guard import Guard, path_token
from lambda_over_https.board.scene import Scene
from lambda_over_https.board.sources.firings import Firings
from lambda_over_https.board.sources.items import Items
from lambda_over_https.board.sources.sandbox_requests import Follower
from lambda_over_https.board.sources.statements import Statements
from lambda_over_https.board.sources.watching import Watcher
from lambda_over_https.board.web import KEEP_ALIVE, Application, Shown
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.deployment.deployments import sandbox_is_meant
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings, home

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8480
"""The usual port; any free one if that is taken."""


PAGE, CLASS_PAGE = "index.html", "classes/class.html"


@dataclass(frozen=True, slots=True)
class Serving:
    """How a board serves: ``ready`` is told its URL, and it ends when ``stop`` is set."""

    port: int | None
    ready: Callable[[str], None]
    stop: asyncio.Event
    keep_alive: float = KEEP_ALIVE


async def serve(settings: Settings, serving: Serving) -> None:
    """Serve the board of one deployment. Raises UsageError if the port is taken."""
    scene = Scene(Feed())
    watcher = Watcher(settings, scene)
    watcher.look()
    work = [watcher.run()]
    if sandbox_is_meant(settings):
        work.append(Follower(scene, lambda: watcher.api).run())
        work.append(Items(scene, lambda: watcher.table).run())
        work.append(Statements(lambda: watcher.function, watcher.see_statements).run())
        work.append(Firings(scene, lambda: watcher.scheduled).run())
    await _serve(scene, PAGE, serving, *work)


async def serve_class(taught: Class, account: ClassAccount, serving: Serving, *, ask: bool = False) -> None:
    """Serve the board of a class. Raises UsageError if the port is taken."""
    scene = ClassScene(Feed())
    looks = Looks(taught.students, examiner(taught, account), pause_of(account.place))
    watcher = ClassWatcher(taught, account, scene, ask=ask)
    try:
        await _serve(scene, CLASS_PAGE, serving, watcher.run(), looks=looks)
    finally:
        account.interrupt()


async def _serve(
    scene: Shown, page: str, serving: Serving, *work: Coroutine[None, None, None], looks: Looks | None = None
) -> None:
    asyncio.get_running_loop().set_default_executor(_Unwaited())
    async with _listening(scene, page, serving, looks) as url:
        serving.ready(url)
        try:
            await _work_until(serving.stop, *work)
        finally:
            scene.feed.close()
            if looks:
                looks.close()


class _Unwaited(ThreadPoolExecutor):
    """Threads that the end of the board does not wait for: they only look, and AWS may not answer."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End without waiting, whatever is asked for: asyncio asks for it when its loop ends."""
        del wait, cancel_futures
        super().shutdown(wait=False, cancel_futures=True)


async def _work_until(stop: asyncio.Event, *tasks: Coroutine[None, None, None]) -> None:
    """Do these until it is set. One that fails ends the board: what it shows would no longer be true."""
    running: list[asyncio.Future[object]] = [asyncio.ensure_future(each) for each in (stop.wait(), *tasks)]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@contextlib.asynccontextmanager
async def _listening(scene: Shown, page: str, serving: Serving, looks: Looks | None) -> AsyncIterator[str]:
    """The board's address while it listens."""
    from uvicorn.config import Config
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    from uvicorn.server import ServerState

    token = path_token(home())
    state, config = ServerState(), None

    def connection() -> asyncio.BaseProtocol:
        protocol: asyncio.BaseProtocol = HttpToolsProtocol(config=config, server_state=state, app_state={})
        return protocol

    server = await _bind(connection, serving.port)
    chosen = server.sockets[0].getsockname()[1]
    config = Config(
        Application(Guard(token, chosen), scene, page, serving.keep_alive, looks.at if looks else None),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=False,
    )
    config.load()
    await server.start_serving()
    try:
        yield f"http://{LOOPBACK}:{chosen}/{token}"
    finally:
        server.close()
        if state.tasks:  # readers that are being told the end
            await asyncio.wait(state.tasks, timeout=1)
        for each in list(state.connections):
            each.transport.abort()
        await server.wait_closed()


async def _bind(connection: Callable[[], asyncio.BaseProtocol], port: int | None) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    wanted = DEFAULT_PORT if port is None else port
    try:
        return await loop.create_server(connection, LOOPBACK, wanted, start_serving=False)
    except OSError as error:
        if port is None:
            return await loop.create_server(connection, LOOPBACK, 0, start_serving=False)
        raise UsageError(
            f"The board cannot listen on port {port}: {error.strerror}.",
            "Choose another with --port; --port 0 takes any free one.",
        ) from error
