"""A small landscape, the app over it in a thread, Chromium looking at it; without Chromium tests skip and say so."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lacking import lacking
from werkzeug.serving import make_server

from kolgraph.ui import create_app
from kolgraph.workspace import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        lacking("no Chromium here: apt-get install chromium fonts-liberation")
    args = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync"
    )
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args.split()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def folder(small_world, tmp_path_factory) -> Path:
    """A copy of the small synthetic landscape, for all browser tests."""
    return shutil.copytree(small_world, tmp_path_factory.mktemp("browser") / "workspace")


class Served:
    """The app in a thread; `url` is its address, `restart()` closes the workspace and opens it again."""

    def __init__(self, path: Path):
        self.path, self.port = path, 0
        self.start()

    def start(self) -> None:
        self.ws = Workspace(self.path)
        self.server = make_server("127.0.0.1", self.port, create_app(self.ws, user="Mara Sand").server, threaded=True)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.ws.close()

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="session")
def served(folder) -> Iterator[Served]:
    app = Served(folder)
    yield app
    app.stop()


@pytest.fixture(scope="session")
def base_url(served) -> str:
    return served.url


@pytest.fixture
def origin(base_url) -> str:
    """The one origin that a test may ask; a module with an app of its own names that one."""
    return base_url


@pytest.fixture(autouse=True)
def quiet(context, origin, request) -> Iterator[None]:
    """Fails on an error in the console, an error of the page, or a request to another origin.

    A test that provokes one says so: `@pytest.mark.noisy("404")` allows console errors holding that text.
    """
    found: list[str] = []
    allowed = [text for mark in request.node.iter_markers("noisy") for text in mark.args]
    home = urlsplit(origin).netloc

    def watch(page):
        page.on("pageerror", lambda error: found.append(f"page error: {error}"))
        page.on("console", lambda line: found.append(f"console: {line.text}") if line.type == "error" else None)

    def asked(one):
        address = urlsplit(one.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != home:
            found.append(f"outside request: {one.url}")

    context.on("page", watch)
    context.on("request", asked)
    yield
    assert not [one for one in found if not any(text in one for text in allowed)]
