"""What goes wrong between a service and us: on real sockets, by a seeded storm or a list, on a clock that both share.

A source's test brings a world (`answer(request) -> (status, headers, body)`, and in `errors` what the source says at
status 200 while it fails in passing) and the ids of the records that a whole walk must bring:

    class World:
        errors = (b'{"error": "busy"}',)
        def answer(self, request: Request) -> Answer:
            return 200, {"Content-Type": "application/json"}, json.dumps(self.page(request.params)).encode()

    def test_two_thousand_faults() -> None:
        world = World(...)
        survives(LOADER, Ask(query="asthma"), world, {"openalex:W1", ...}, rate=10, path="works-api/", seed=1)

    def test_one_fault() -> None:
        clock = Clock()
        with faulty(world, [None, Fault("cut", 0.5)], clock) as served:
            ask = Ask(query="asthma", base_url=served.url)
            load(inbox, LOADER, ask, Client(LOADER, ask, sleep=clock.sleep, clock=clock.now), lambda *a: None)
        assert served.never_faster_than(10)

Seconds pass on the clock alone: 2,000 faults with all their waits take some seconds. Keep worlds small (a few hundred
small records, ten pages): a storm is survived in as many rounds as it takes to play all its faults.
"""

import gzip
import json
import random
import socket
import struct
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from kolgraph.errors import SourceError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import DEADLINE, Client
from kolgraph.loading.runner import LoadResult, load

Answer = tuple[int, dict[str, str], bytes]
EPOCH = 1_800_000_000  # of the servers' dates; far from the time of this machine, which must not matter
HTML = b"<!DOCTYPE html><html><body>WWW Error 500 Diagnostic</body></html>"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: `params` of the address and the form, `json` from a body of JSON, header names in lower case."""

    method: str
    path: str
    params: dict[str, str]
    json: object
    headers: dict[str, str]


class World(Protocol):
    """What stands behind a server: it owns the truth."""

    def answer(self, request: Request) -> Answer: ...


class Clock:
    """Seconds that pass only when somebody sleeps, or when a server lets somebody wait."""

    def __init__(self) -> None:
        self._now, self._lock = 0.0, threading.Lock()

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds

    def date(self, ahead: float = 0.0) -> str:
        """The time of the clock as HTTP writes it."""
        return formatdate(EPOCH + self._now + ahead, usegmt=True)


KINDS = (
    *("cut", "cut open", "cut gzip", "crc", "reset", "drip"),  # of the true answer
    *("short", "garbage", "empty", "html", "error"),  # at status 200, whole as far as HTTP can tell
    *("429", "503", "403"),
)
AFTER = (None, "", "0", "1", "7", "+5", "-3600", "1000000", "soon", "-5")  # + and -: a date that far ahead


@dataclass(frozen=True, slots=True)
class Fault:
    """`at` is the place in the body, from 0 to 1; `after` the Retry-After of a refusal, one of AFTER."""

    kind: str
    at: float = 0.0
    after: str | None = None


def storm(seed: int, faults: int, share: float = 0.5, kinds: tuple[str, ...] = KINDS) -> Iterator[Fault | None]:
    """As many faults, one in `1 / share` requests, of all kinds at all places."""
    chance = random.Random(seed)
    while faults:
        if chance.random() < share:
            faults -= 1
            yield Fault(chance.choice(kinds), chance.random(), chance.choice(AFTER))
        else:
            yield None


@dataclass
class Served:
    """A server at work: what was asked, when, and which faults it has played."""

    clock: Clock
    url: str = ""
    at: list[float] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    played: Counter[str] = field(default_factory=Counter)
    healed: bool = False  # no fault is left

    def never_faster_than(self, rate: float) -> bool:
        """Whether no two requests came closer together than the pace allows."""
        return all(later - before >= 1 / rate - 1e-6 for before, later in zip(self.at, self.at[1:], strict=False))


@contextmanager
def faulty(world: World, faults: Iterable[Fault | None] = (), clock: Clock | None = None) -> Iterator[Served]:
    """A server for a world that plays one fault (or None) a request while there are any."""
    served = Served(clock or Clock())
    left, lock = iter(faults), threading.Lock()
    listener = socket.create_server(("127.0.0.1", 0))
    served.url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def reply(request: Request) -> tuple[bytes, str]:
        with lock:
            served.at.append(served.clock.now())
            served.asked.append(request)
            fault: Fault | None = None
            if not served.healed:
                try:
                    fault = next(left)
                except StopIteration:
                    served.healed = True
            if fault is None:
                return _http(served.clock, *world.answer(request)), "keep"
            served.played[fault.kind] += 1
            return _spoilt(served.clock, world, request, fault)

    def serve(peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as said:
            try:
                while request := _request(said):  # type: ignore[arg-type]
                    sent, end = reply(request)
                    if end == "drip":
                        _drip(peer, sent, served.clock)
                    else:
                        peer.sendall(sent)
                    if end == "reset":
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    if end != "keep":
                        return
            except OSError:
                return

    def run() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield served
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _request(said: Iterator[bytes]) -> Request | None:
    """The next request of a connection, None at its end."""
    line = said.readline()  # type: ignore[attr-defined]
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := said.readline().decode("latin-1").strip()) != "":  # type: ignore[attr-defined]
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body: bytes = said.read(int(headers.get("content-length", 0)))  # type: ignore[attr-defined]
    parts = urlsplit(target)
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    sent = json.loads(body) if kind.startswith("application/json") else None
    return Request(method, unquote(parts.path), params, sent, headers)


def _http(clock: Clock, status: int, headers: dict[str, str], body: bytes, length: int | None = -1) -> bytes:
    """The bytes of an answer; `length` None leaves the length out, another one lies."""
    lines = {"Date": clock.date(), **headers}
    if length is None:
        lines["Connection"] = "close"
    else:
        lines["Content-Length"] = str(len(body) if length < 0 else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{head}\r\n".encode("latin-1") + body


def _spoilt(clock: Clock, world: World, request: Request, fault: Fault) -> tuple[bytes, str]:
    """The bytes of a fault, and what becomes of the connection: keep, close, reset, drip."""
    after = fault.after
    if after is not None and after[:1] in ("+", "-") and after != "-5":
        after = clock.date(float(after))
    if fault.kind.isdigit():
        headers = {} if after is None else {"Retry-After": after}
        return _http(clock, int(fault.kind), headers, b"slow down"), "keep"
    if fault.kind in ("html", "empty", "error"):
        errors: tuple[bytes, ...] = getattr(world, "errors", ()) or (HTML,)
        body = {"html": HTML, "empty": b"", "error": errors[int(fault.at * len(errors)) % len(errors)]}[fault.kind]
        return _http(clock, 200, {"Content-Type": "text/html"}, body), "keep"
    status, headers, body = world.answer(request)
    if fault.kind in ("cut gzip", "crc"):
        packed, headers = gzip.compress(body, 1), {**headers, "Content-Encoding": "gzip"}
        sent = packed[: int(fault.at * len(packed))] if fault.kind == "cut gzip" else packed[:-8] + b"\1" * 8
        return _http(clock, status, headers, sent), "keep"
    if fault.kind == "drip":
        body = body.ljust(2)
        return _http(clock, status, headers, body, len(body) + 1), "drip"
    part = body[: int(fault.at * len(body))]
    if fault.kind == "cut open":
        return _http(clock, status, headers, part, None), "close"
    if fault.kind in ("short", "garbage"):
        return _http(clock, status, headers, part + (b"\0<{" if fault.kind == "garbage" else b"")), "keep"
    # one byte more than there is: a part is never the whole
    return _http(clock, status, headers, part, len(body) + 1), "reset" if fault.kind == "reset" else "close"


def _drip(peer: socket.socket, sent: bytes, clock: Clock) -> None:
    """The head, then two bytes with an age between them, then nothing until the other side has had enough."""
    head, _, body = sent.partition(b"\r\n\r\n")
    peer.sendall(head + b"\r\n\r\n")
    for byte in body[:2]:
        clock.sleep(DEADLINE * 0.51)
        peer.sendall(bytes([byte]))
    peer.recv(1)


def survives(
    loader: Loader,
    ask: Ask,
    world: World,
    truth: set[str],
    *,
    rate: float,
    path: str = "",
    faults: int = 2000,
    seed: int = 0,
    share: float = 0.5,
    kinds: tuple[str, ...] = KINDS,
    schedule: Sequence[Fault | None] = (),
) -> Served:
    """Load the world into inbox after inbox, running again what failed as a user would, until all faults are played.

    Asserts that a walk without faults brings `truth`; that after every failure the inbox is what some first pages of
    that walk make, byte for byte; that in the end nothing is lost, doubled or rejected beyond it; that no request came
    faster than `rate` a second. `path` is what follows the address of the server in `Ask.base_url`. A `schedule` is
    played instead of a storm.
    """
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # hundreds of inboxes, each with its syncs
    with tempfile.TemporaryDirectory(dir=memory) as folder, faulty(world) as clean:
        ask = replace(ask, base_url=clean.url + path)
        inbox = Inbox(Path(folder) / "clean.db")
        walk = inbox.begin(loader.name, "pages", "", loader.version)
        states = {inbox.watermark()}
        for page in loader.pages(ask, _client(loader, ask, clean.clock), ""):
            inbox.store(walk, page)
            states.add(inbox.watermark())
        whole = load(inbox, loader, ask, _client(loader, ask, clean.clock), _silent)
        assert whole.incomplete == ""
        assert {one for one in truth if inbox.record(one) is None} == set()
        assert sum(inbox.counts().values()) == len(truth)
        states.add(inbox.watermark())
        final = inbox.content_hash(), inbox.counts()
        inbox.close()
        with faulty(world, schedule or storm(seed, faults, share, kinds)) as served:
            ask = replace(ask, base_url=served.url + path)
            number = 0
            while not served.healed:
                number += 1
                inbox = Inbox(Path(folder) / f"{number}.db")
                result = _through(inbox, loader, ask, served, states)
                assert (result.records, result.rejected, result.incomplete) == (whole.records, whole.rejected, "")
                assert (inbox.content_hash(), inbox.counts()) == final
                inbox.close()
    assert served.played.total() == (sum(map(bool, schedule)) if schedule else faults)
    assert served.never_faster_than(rate)
    return served


def _through(inbox: Inbox, loader: Loader, ask: Ask, served: Served, states: set[str]) -> LoadResult:
    """The result of a load that is run again until it ends, looked at after every failure."""
    while True:
        healed = served.healed
        try:
            return load(inbox, loader, ask, _client(loader, ask, served.clock), _silent)
        except SourceError:
            if healed:
                raise
        assert inbox.watermark() in states, "something else than whole pages is held"


def _client(loader: Loader, ask: Ask, clock: Clock) -> Client:
    return Client(loader, ask, sleep=clock.sleep, clock=clock.now)


def _silent(done: int, expected: int | None, what: str) -> None:
    """No progress."""
