"""The app: `create_app(workspace)` gives a Dash app whose server is hardened and complete; `server.serve` opens it."""

from pathlib import Path
from typing import Any

from dash import Dash
from flask import Flask, Response, request
from flask_compress import Compress

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
    ws: Workspace, *, user: str = "me", trusted_hosts: tuple[str, ...] = (), behind_proxy: bool = False
) -> Dash:
    """The app over an open workspace; the MCP door of Dash is shut whatever the environment says."""
    server: Any = Flask("kolgraph", static_folder=None)  # Dash says `bool | Callable` for what is a Flask
    server.config["KOLGRAPH_USER"] = user
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
    return app


class _Compressed(dict[str, bytes]):
    """The scripts of the libraries, compressed once and not for every visitor; answers about people are never kept."""

    def set(self, key: str, value: bytes) -> None:
        if "/_dash-component-suites/" in key:
            self[key] = value
