"""Serve the app to its user: waitress on loopback, many threads, one process."""

from collections.abc import Callable, Iterable

import waitress
from dash import Dash

from kolgraph.errors import UsageError
from kolgraph.ui import create_app
from kolgraph.ui.security import LOOPBACK, MAX_BODY
from kolgraph.workspace import Workspace

THREADS = 8


def serve(
    ws: Workspace,
    host: str = "127.0.0.1",
    port: int = 8050,
    *,
    ready: Callable[[str], None] = lambda url: None,
    trusted_hosts: Iterable[str] = (),
    behind_proxy: bool = False,
    user: str = "me",
) -> None:
    """Serve until interrupted; `ready` gets the address once the port is open. Port 0 lets the system choose.

    Raises UsageError when the port is taken, or when `host` would show the app to a network without a proxy that ends
    TLS and names the hosts it serves.
    """
    trusted = tuple(trusted_hosts)
    local = host.strip("[]") in {name.strip("[]") for name in LOOPBACK}
    if not local and not (behind_proxy and trusted):
        raise UsageError(
            f"{host} would open kolgraph to the network: keep 127.0.0.1, or put a TLS proxy before it and set "
            "KOLGRAPH_BEHIND_PROXY=true and KOLGRAPH_TRUSTED_HOSTS"
        )
    app = create_app(ws, user=user, trusted_hosts=trusted, behind_proxy=behind_proxy)
    refuse_debug(app)
    proxy = {"trusted_proxy": "*", "trusted_proxy_headers": "x-forwarded-proto"} if behind_proxy else {}
    try:
        running = waitress.create_server(
            app.server,
            host=host,
            port=port,
            threads=THREADS,
            ident="kolgraph",
            max_request_body_size=MAX_BODY + 1,
            **proxy,
        )
    except OSError as error:
        raise UsageError(
            f"port {port} on {host} cannot be opened ({error.strerror}): choose another with --port"
        ) from None
    open_port = running.effective_port if hasattr(running, "effective_port") else port
    ready(f"http://{host}:{open_port}")
    try:
        running.run()
    finally:
        running.close()


def refuse_debug(app: Dash) -> None:
    """Raises UsageError when the environment switched on what must not face a browser."""
    tools = app._dev_tools
    if app.server.debug or tools.get("ui") or tools.get("hot_reload") or app.config.get("enable_mcp"):
        raise UsageError("Dash's debug tools are on: unset DASH_DEBUG, DASH_HOT_RELOAD and DASH_MCP_ENABLED")
