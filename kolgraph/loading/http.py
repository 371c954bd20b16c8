"""One polite client for all services: paced, bounded in time and size, patient within a budget, silent about keys.

Answers are read as raw bytes and unpacked here, so that a cut gzip stream, a bomb and a slow drip are seen; no status
is trusted alone: the caller says what a whole body looks like. What goes wrong ends in SourceError, always with the key
scrubbed; what was stored before stays, and the same command goes on from there. No connection is made to an address
inside a private network, whatever a name resolves to, unless the user named a server on this machine.
"""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import requests
import urllib3

from kolgraph.errors import SourceError, UsageError
from kolgraph.loading import Ask, Loader
from kolgraph.loading.outside import Outside, loopback
from kolgraph.loading.pace import pace_of

MAX_BODY = 256 << 20  # decoded bytes of one answer
MAX_WAIT = 120.0  # seconds that we let a service make us wait before we stop and say so
DEADLINE = 180.0  # seconds for one answer, from the first byte asked to the last byte read
BUDGET = 900.0  # seconds that failures may cost a walk; an answer at the first try earns one back
TRIES = 6
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_log = logging.getLogger("kolgraph.loading")

Whole = Callable[[bytes], str]  # "" when the body is whole, else what is wrong with it


class Refused(SourceError):
    """The service answered that it will not, or sends us elsewhere: a status that no repetition helps."""

    def __init__(self, message: str, status: int, body: bytes):
        super().__init__(message, body)
        self.status = status


class _Again(Exception):
    """This try failed, another may not; `wait` is what the service asked for, in seconds, `body` what it sent."""

    def __init__(self, reason: str, wait: float | None = None, body: bytes = b""):
        super().__init__(reason)
        self.wait, self.body = wait, body


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, as often as it takes."""

    method: str
    url: str
    params: Mapping[str, str]
    form: bool
    json: object
    headers: Mapping[str, str]
    again: frozenset[int]


class Client:
    """Asks the hosts of one loader. `sleep` and `deadline` are for whoever has less patience, the rest is for tests."""

    def __init__(
        self,
        loader: Loader,
        ask: Ask,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        deadline: float = DEADLINE,
        max_body: int = MAX_BODY,
    ):
        self._title, self._key, self._base = loader.title, ask.api_key, ask.base_url
        self._hosts = {*loader.hosts, urlsplit(ask.base_url).hostname} if ask.base_url else set(loader.hosts)
        self._agent = f"kolgraph ({ask.contact})" if ask.contact else "kolgraph"
        self._sleep, self._clock, self._deadline, self._max_body = sleep, clock, deadline, max_body
        self.headers: Mapping[str, str] = {}  # of the last answer, names in lower case
        self._session: requests.Session | None = None
        self._lost = 0.0  # of the budget

    @property
    def date(self) -> str:
        """What time it was at the source when it sent its last answer, ISO in UTC; "" when it does not say."""
        sent = _when(self.headers.get("date"))
        return sent.isoformat(timespec="seconds") if sent else ""

    def ask(
        self,
        url: str,
        params: Mapping[str, str],
        whole: Whole,
        *,
        rate: float,
        post: bool = False,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        again: frozenset[int] = _AGAIN,
    ) -> bytes:
        """The body of an answer that `whole` accepts; at most `rate` requests a second.

        `post` sends `params` as a form, `json` a body of JSON. A status in `again` is tried again within the budget,
        any other is Refused with its status and body: a source whose 429 means an empty purse leaves that out.
        Raises UsageError for an address that is not the source's, Refused, SourceError.
        """
        self._check(url)
        asked = _Asked("POST" if post or json is not None else "GET", url, params, post, json, headers or {}, again)
        for turn in range(TRIES):
            if wait := pace_of(urlsplit(url).netloc, self._clock).turn(rate):
                self._sleep(wait)
            begun = self._clock()
            try:
                body = self._within_deadline(asked, whole)
            except _Again as again:
                failure, last = again, self.scrub(str(again))
                wait = 2.0**turn if again.wait is None else again.wait
                self._lost += self._clock() - begun + wait
                if wait > MAX_WAIT:
                    said = f"{self._title} asks to wait {wait:,.0f} s ({last})"
                    raise SourceError(f"{said}: run the same command later, it goes on from here") from None
                if self._lost > BUDGET:
                    said = f"{self._title} has cost {BUDGET / 60:.0f} minutes by failing, at last: {last}"
                    raise SourceError(f"{said}; run the same command later to go on", self._clean(again.body)) from None
                _log.info("%s: %s, trying again in %.1f s", self._title, last, wait)
                if turn + 1 < TRIES:
                    self._sleep(wait)
                continue
            if turn == 0:
                self._lost = max(0.0, self._lost - 1)
            return body
        said = f"{self._title} failed {TRIES} times, at last: {last}; run the same command later to go on"
        raise SourceError(said, self._clean(failure.body))

    def scrub(self, text: str) -> str:
        """The text without the user's key, in any of the forms in which an address or an answer carries it."""
        for form in {self._key, quote(self._key), quote(self._key, safe="")} - {""}:
            text = text.replace(form, "***")
        return text

    def _clean(self, body: bytes) -> bytes:
        return self.scrub(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname not in self._hosts or parts.username:
            raise UsageError(
                f"{self._title} is not asked at {parts.hostname}: known are {', '.join(sorted(map(str, self._hosts)))}"
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and self._base and loopback(parts.hostname or "")):
            raise UsageError(f"{self._title} is asked by https only, not by {parts.scheme}: {self.scrub(url)}")

    def _within_deadline(self, asked: "_Asked", whole: Whole) -> bytes:
        """One try in a thread of its own: a name server, a header or a body that drips holds up nobody for ever."""
        outcome: list[bytes | BaseException] = []
        over = threading.Event()

        def run() -> None:
            try:
                outcome.append(self._try(asked, over))
            except BaseException as error:  # noqa: BLE001 (raised again below)
                outcome.append(error)

        thread = threading.Thread(target=run, name="kolgraph-http", daemon=True)
        thread.start()
        thread.join(self._deadline)
        if thread.is_alive():
            over.set()
            self._session = None  # the stuck connection is left to its thread
            raise self._late()
        result = outcome[0]
        if isinstance(result, BaseException):
            raise result
        if fault := whole(result):
            raise _Again(fault, None, result)
        return result

    def _try(self, asked: "_Asked", over: threading.Event) -> bytes:
        session = self._session = self._session or self._new_session()
        until = self._clock() + self._deadline
        try:
            with session.request(
                asked.method,
                asked.url,
                params=None if asked.form else asked.params,
                data=asked.params if asked.form else None,
                json=asked.json,
                headers=asked.headers,
                timeout=(10, 60),
                stream=True,
                allow_redirects=False,
            ) as answer:
                body = self._body(answer, over, until)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _Again(f"the connection failed ({_reason(error)})") from None
        self.headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status_code == 200:
            return body
        said = self.scrub(" ".join(body[:300].decode("utf-8", "replace").split()))
        what = f"{self._title} answered {answer.status_code}: {said}"
        if answer.status_code in asked.again:
            raise _Again(f"answered {answer.status_code}: {said}", _retry_after(self.headers))
        if 300 <= answer.status_code < 400:
            what = f"{self._title} sent us elsewhere ({answer.status_code}): not followed"
        raise Refused(what, answer.status_code, self._clean(body))

    def _body(self, answer: requests.Response, over: threading.Event, until: float) -> bytes:
        """The decoded bytes. Raises _Again for a broken stream, SourceError for one without end."""
        packed = answer.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(wbits=31)
        parts: list[bytes] = []
        size = 0
        while not over.is_set() and (chunk := answer.raw.read1(1 << 16, decode_content=False)):
            if self._clock() > until:  # every single read succeeds, the whole never comes
                raise self._late()
            try:
                piece = unpack.decompress(chunk, self._max_body - size + 1) if packed else chunk
            except zlib.error as error:
                raise _Again(f"a damaged answer ({error})") from None
            if unpack.unused_data:
                raise _Again("an answer that goes on behind its end")
            size += len(piece)
            parts.append(piece)
            if size > self._max_body:
                raise SourceError(f"{self._title} sends more than {self._max_body >> 20} MB in one answer: stopped")
        if packed and not unpack.eof:
            raise _Again("a cut answer")
        return b"".join(parts)

    def _late(self) -> _Again:
        return _Again(f"no whole answer within {self._deadline:.0f} s")

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        if not loopback(urlsplit(self._base).hostname or ""):
            session.mount("https://", Outside())
        session.headers.update({"User-Agent": self._agent, "Accept-Encoding": "gzip"})
        # a proxy of the environment is for the world outside, not for a server on this machine
        session.trust_env = not loopback(urlsplit(self._base).hostname or "")
        return session


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from either form of Retry-After; None when it is absent or means nothing, 0 for a date in the past.

    A date is compared with the date of the answer: the clock of this machine may be wrong.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    if not (until := _when(said)):
        return None
    now = _when(headers.get("date")) or datetime.now(UTC)
    return max(timedelta(), until - now).total_seconds()


def _when(said: str | None) -> datetime | None:
    """A date of a header, None when it is absent or means nothing."""
    try:
        found = parsedate_to_datetime(said or "")
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _reason(error: BaseException) -> str:
    # the text of requests' errors holds the whole address, with everything in it
    inner = error.__cause__ or error.__context__
    return type(inner or error).__name__ if not isinstance(error, requests.Timeout) else "it timed out"
