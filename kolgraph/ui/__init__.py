"""The app: `create_app(workspace)` gives a Dash app whose server is hardened and complete; `server.serve` opens it."""

from pathlib import Path
from typing import Any

from dash import Dash
from flask import Flask, Response, abort, request
from flask_compress import Compress

from kolgraph.services.shelf import Shelf, around
from kolgraph.ui import shell
from kolgraph.ui.security import guard
from kolgraph.workspace import Workspace

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
<script src="/assets/theme.js"></script>
{%css%}
</head>
<body>
{%app_entry%}
<noscript>kolgraph needs JavaScript.</noscript>
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>
"""


def create_app(
    over: Workspace | Shelf, *, user: str = "me", trusted_hosts: tuple[str, ...] = (), behind_proxy: bool = False
) -> Dash:
    """The app over an open workspace, or over a shelf of them; Dash's MCP door is shut whatever the environment says.

    Pages share one workspace, which turns when somebody switches to another landscape.
    """
    shelf = around(over) if isinstance(over, Workspace) else over
    ws = shelf.ws
    server: Any = Flask("kolgraph", static_folder=None)  # Dash says `bool | Callable` for what is a Flask
    server.config["KOLGRAPH_USER"] = user
    server.config["KOLGRAPH_SHELF"] = shelf
    server.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # seconds; most assets carry their date in the address anyway
    app = Dash(
        "kolgraph",
        server=server,
        assets_folder=str(Path(__file__).parent / "assets"),
        assets_ignore=r"theme\.js|favicon\.svg",
        index_string=_PAGE,
        title="kolgraph",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        on_error=shell.failed,
        health_endpoint="health",
        enable_mcp=False,
        pages_folder="",
        use_pages=False,
    )
    app.layout = lambda: shell.frame(ws, user)
    shell.register(app, ws)

    @server.after_request  # type: ignore[untyped-decorator]
    def missing(response: Response) -> Response:
        """Dash answers every address with its page, which then says that there is none: the status says so too."""
        if request.endpoint == "/<path:path>" and not shell.route(request.path):
            response.status_code = 404
        return response

    server.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    server.config["COMPRESS_CACHE_BACKEND"] = _Compressed
    server.config["COMPRESS_CACHE_KEY"] = lambda asked: asked.full_path
    Compress(server)
    guard(app, tuple(trusted_hosts), behind_proxy=behind_proxy)

    @server.before_request  # type: ignore[untyped-decorator]
    def follow() -> None:
        """Answer from the landscape that was switched to; a page of another one must not write into it."""
        if request.path.startswith(("/assets/", "/_dash-component-suites/", "/health")):
            return
        shelf.follow()
        asked = request.headers.get("X-Kolgraph-Landscape")
        if asked is not None and asked != shell.name_of(ws):
            abort(409, "Another landscape is open now: load the page again.")
        if request.path.startswith("/export/") and not ws.exists:
            abort(409, "No landscape is open.")

    return app


class _Compressed(dict[str, bytes]):
    """The scripts of the libraries, compressed once and not for every visitor; answers about people are never kept."""

    def set(self, key: str, value: bytes) -> None:
        if "/_dash-component-suites/" in key:
            self[key] = value
