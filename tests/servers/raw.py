"""A server below HTTP: every connection plays the next part of a script, byte for byte."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Part = Callable[[socket.socket], None]


@dataclass
class Played:
    """What was asked so far."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)
    at: list[float] = field(default_factory=list)


def sends(
    body: bytes, status: str = "200 OK", headers: str = "", length: int | None = None, close: bool = False
) -> Part:
    """A reply; `length` lies about the size, `close` leaves it out."""
    size = "" if close else f"Content-Length: {len(body) if length is None else length}\r\n"

    def play(peer: socket.socket) -> None:
        peer.sendall(f"HTTP/1.1 {status}\r\n{size}{headers}Connection: close\r\n\r\n".encode() + body)

    return play


def resets(peer: socket.socket) -> None:
    """The connection is torn down after half a header."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drips(peer: socket.socket) -> None:
    """A header, then a byte now and then, for ever: every single read succeeds."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    try:
        while True:
            peer.sendall(b" ")
            time.sleep(0.05)
    except OSError:
        return


@contextmanager
def playing(*script: Part) -> Iterator[Played]:
    """A server that plays the script, the last part again and again."""
    played = Played()
    listener = socket.create_server(("127.0.0.1", 0))
    played.url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"

    def serve(peer: socket.socket, part: Part) -> None:
        with peer:
            try:
                played.requests.append(_request(peer))
                played.at.append(time.monotonic())
                part(peer)
            except OSError:
                return

    def run() -> None:
        turn = 0
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            part = script[min(turn, len(script) - 1)]
            turn += 1
            threading.Thread(target=serve, args=(peer, part), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield played
    finally:
        listener.close()


def _request(peer: socket.socket) -> bytes:
    """The whole request, headers and body."""
    said = b""
    while b"\r\n\r\n" not in said:
        piece = peer.recv(65536)
        if not piece:
            return said
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    size = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
    while len(body) < size:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body
