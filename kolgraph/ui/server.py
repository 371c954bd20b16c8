"""Serve the app to its user: waitress on loopback, many threads, one process."""

import logging
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from kolgraph.errors import KolgraphError, UsageError
from kolgraph.services.landscapes import revive
from kolgraph.services.shelf import Shelf
from kolgraph.services.uploads import MAX_UPLOAD
from kolgraph.ui import create_app
from kolgraph.ui.security import LOOPBACK, MAX_BODY, UPLOAD
from kolgraph.workspace import Workspace

log = logging.getLogger(__name__)
THREADS = 16  # some of them may wait for a source that is asked for a count


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a large body as soon as it is announced, unless it is a list on its way up."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path != UPLOAD:
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = MAX_BODY + 1


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def serve(
    over: Workspace | Shelf,
    host: str = "127.0.0.1",
    port: int = 8050,
    *,
    ready: Callable[[str], None] = lambda url: None,
    trusted_hosts: Iterable[str] = (),
    behind_proxy: bool = False,
    user: str = "me",
) -> None:
    """Serve until interrupted; `ready` gets the address once the port is open. Port 0 lets the system choose.

    Builds of landscapes that were interrupted go on.

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
    app = create_app(over, user=user, trusted_hosts=trusted, behind_proxy=behind_proxy)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a browser asks for more files at once than threads
    proxy = {"trusted_proxy": "*", "trusted_proxy_headers": "x-forwarded-proto"} if behind_proxy else {}
    sockets: dict[int, Any] = {}
    try:
        running = waitress.create_server(
            app.server,
            host=host,
            port=port,
            threads=THREADS,
            ident="kolgraph",
            max_request_body_size=MAX_UPLOAD + 1,  # on disk above 0.5 MB; all but an upload may have less, see _Parser
            map=sockets,
            **proxy,
        )
    except OSError as error:
        raise UsageError(
            f"port {port} on {host} cannot be opened ({error.strerror}): choose another with --port"
        ) from None
    for one in sockets.values():  # "localhost" may open two
        if hasattr(one, "channel_class"):
            one.channel_class = _Channel
    open_port = getattr(running, "effective_port", port)  # two sockets are on the port asked for
    ready(f"http://{host}:{open_port}")
    try:
        revive(app.server.config["KOLGRAPH_SHELF"])
    except KolgraphError as error:  # they can be read about and resumed in the app
        log.error("builds cannot be resumed: %s", error)
    try:
        running.run()
    finally:
        running.close()
