"""Servers that stand for the services: real sockets on this machine, scripted faults, a log of what was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Handler(BaseHTTPRequestHandler):
    """Answers by `answer(path, params) -> (status, content type, body)`, from the query string or the form."""

    protocol_version = "HTTP/1.1"

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, str, bytes]:
        raise NotImplementedError

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._reply(parts.path, parts.query)

    def do_POST(self) -> None:
        self._reply(urlsplit(self.path).path, self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _reply(self, path: str, query: str) -> None:
        status, kind, body = self.answer(path, dict(parse_qsl(query, keep_blank_values=True)))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet: the tests read `log` of the world behind the handler."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that runs as long as the context."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
