"""The polite client against a misbehaving server on a raw socket: what is retried, what ends, what is never said."""

import gzip
import time
from email.utils import formatdate
from urllib.parse import urlsplit

import pytest
from servers.raw import Part, drips, playing, resets, sends

from kolgraph.errors import SourceError, UsageError
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client, Refused
from kolgraph.loading.outside import inside
from kolgraph.loading.pace import Pace

LOADER = Loader("probe", "Probe", "", "", (), "1", lambda *a: iter(()), hosts=("probe.example",))
BODY = b"<set>" + b"<one/>" * 2000 + b"</set>"
GOOD = sends(BODY)
GZIP = "Content-Encoding: gzip\r\n"


def closed(body: bytes) -> str:
    return "" if body.endswith(b"</set>") else f"cut at {len(body)}"


class Patience:
    """Notes how long the client would have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def asked(url: str, key: str = "", **said: object) -> tuple[bytes, list[float]]:
    patience = Patience()
    client = Client(LOADER, Ask(base_url=url, api_key=key), sleep=patience, **said)  # type: ignore[arg-type]
    return client.ask(url, {"api_key": key}, closed, rate=1e9), patience.slept


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(sends(BODY[:5000], length=len(BODY)), id="shorter than Content-Length"),
        pytest.param(sends(BODY[:5000], close=True), id="cut without Content-Length"),
        pytest.param(sends(gzip.compress(BODY)[:60], headers=GZIP), id="gzip cut, length right"),
        pytest.param(sends(gzip.compress(BODY)[:-8] + b"\0" * 8, headers=GZIP), id="gzip with a wrong sum"),
        pytest.param(sends(b"\x1f\x8bnonsense", headers=GZIP), id="no gzip at all"),
        pytest.param(sends(gzip.compress(BODY) + b"\0" * 99_999, headers=GZIP), id="gzip that does not stop"),
        pytest.param(sends(b"5\r\nhalf", headers="Transfer-Encoding: chunked\r\n", close=True), id="cut chunk"),
        pytest.param(sends(b"<html>busy</html>"), id="HTML at 200"),
        pytest.param(sends(b""), id="nothing at 200"),
        pytest.param(resets, id="reset"),
        pytest.param(lambda peer: None, id="closed at once"),
        pytest.param(sends(b"slow", status="429 Too Many Requests"), id="429"),
        pytest.param(sends(b"slow", status="503 Service Unavailable"), id="503"),
    ],
)
def test_what_passes_is_tried_again(part: Part) -> None:
    with playing(part, part, GOOD) as played:
        body, slept = asked(played.url)
    assert body == BODY
    assert slept == [1, 2]
    assert len(played.requests) == 3


@pytest.mark.parametrize("body", [GOOD, sends(gzip.compress(BODY), headers=GZIP), sends(BODY, close=True)])
def test_a_whole_answer_comes_through(body: Part) -> None:
    with playing(body) as played:
        assert asked(played.url) == (BODY, [])


def test_a_drip_is_cut_off_by_our_own_deadline() -> None:
    begun = time.monotonic()
    with playing(drips, GOOD) as played:
        body, _ = asked(played.url, deadline=0.3)
    assert body == BODY
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("7", 7.0),
        ("0", 0.0),
        (formatdate(time.time() - 3600, usegmt=True), 0.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("", 1.0),
        ("Thu, 01 Jan 1970 00:00:50 GMT", 0.0),
        ("Fri, 99 Foo 2026 00:00:00 GMT", 1.0),
    ],
)
def test_retry_after_in_its_forms(said: str, waits: float) -> None:
    with playing(sends(b"", "429 Too Many Requests", f"Retry-After: {said}\r\n"), GOOD) as played:
        assert asked(played.url)[1] == [waits]


def test_a_date_to_wait_for_is_taken_by_the_clock_of_the_source() -> None:
    headers = "Date: Thu, 01 Jan 1970 00:00:10 GMT\r\nRetry-After: Thu, 01 Jan 1970 00:00:50 GMT\r\n"
    with playing(sends(b"", "429 Too Many Requests", headers), GOOD) as played:
        assert asked(played.url)[1] == [40]


def test_the_time_of_the_source_is_told() -> None:
    said = sends(BODY, headers="Date: Thu, 01 Jan 2099 00:00:10 GMT\r\n")
    with playing(said, sends(BODY, headers="Date: soon\r\n"), GOOD) as played:
        client = Client(LOADER, Ask(base_url=played.url))
        dates = []
        for _ in range(3):
            client.ask(played.url, {}, closed, rate=1e9)
            dates.append(client.date)
    assert dates == ["2099-01-01T00:00:10+00:00", "", ""]


@pytest.mark.parametrize("said", ["999999", formatdate(time.time() + 86400, usegmt=True)])
def test_a_long_wait_ends_the_run_instead(said: str) -> None:
    with playing(sends(b"", "503 Busy", f"Retry-After: {said}\r\n")) as played:
        with pytest.raises(SourceError, match=r"asks to wait .* later, it goes on from here"):
            asked(played.url)
        assert len(played.requests) == 1


def test_a_service_that_fails_half_of_the_time_costs_no_walk_more_than_its_budget() -> None:
    busy, patience = sends(b"", "429 Too Many Requests", "Retry-After: 100\r\n"), Patience()
    with playing(*[busy, GOOD] * 30) as played:
        client = Client(LOADER, Ask(base_url=played.url), sleep=patience, clock=lambda: 0.0)
        for _ in range(9):
            client.ask(played.url, {}, closed, rate=1e9)
        with pytest.raises(SourceError, match="has cost 15 minutes by failing, at last: answered 429"):
            client.ask(played.url, {}, closed, rate=1e9)
        assert sum(patience.slept) == pytest.approx(900)


def test_good_answers_earn_the_budget_back() -> None:
    busy, patience = sends(b"", "429 Too Many Requests", "Retry-After: 100\r\n"), Patience()
    with playing(*[*[GOOD] * 50, busy] * 15, GOOD) as played:
        client = Client(LOADER, Ask(base_url=played.url), sleep=patience, clock=lambda: 0.0)
        for _ in range(15 * 50 + 1):
            client.ask(played.url, {}, closed, rate=1e9)
    assert sum(patience.slept) == pytest.approx(1500)


@pytest.mark.parametrize("part", [sends(b"<error>k&y</error>"), sends(b"<error>k&y</error>", "400 Bad Request")])
def test_what_ended_a_walk_is_kept_without_the_key(part: Part) -> None:
    with playing(part) as played, pytest.raises(SourceError) as caught:
        asked(played.url, key="k&y")
    assert caught.value.body == b"<error>***</error>"


def test_a_name_that_leads_into_a_private_network_is_not_followed() -> None:
    loader = Loader("probe", "Probe", "", "", (), "1", lambda *a: iter(()), hosts=("localhost",))
    with playing(GOOD) as played:
        url = f"https://localhost:{urlsplit(played.url).port}/x"
        with pytest.raises(SourceError, match=r"localhost leads to (127\.0\.0\.1|::1), inside a private network"):
            Client(loader, Ask()).ask(url, {}, closed, rate=1e9)
        assert played.requests in ([], [b""])  # connected at most: nothing was sent


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *((a, True) for a in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1")),
        *((a, True) for a in ("0.0.0.0", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1")),
        *((a, False) for a in ("130.14.29.110", "2607:f220:41e:4290::110", "::ffff:130.14.29.110")),
    ],
)
def test_addresses_inside_and_outside(address: str, private: bool) -> None:
    assert inside(address) is private


def test_the_tries_end() -> None:
    with playing(sends(b"busy", "503 Busy")) as played:
        with pytest.raises(SourceError, match="failed 6 times, at last: answered 503: busy"):
            asked(played.url)
        assert len(played.requests) == 6


@pytest.mark.parametrize("packed", [True, False])
def test_a_bomb_is_stopped_while_it_unpacks(packed: bool) -> None:
    zeros = b"\0" * (40 << 20)
    part = sends(gzip.compress(zeros, 1), headers=GZIP) if packed else sends(zeros)
    with playing(part) as played, pytest.raises(SourceError, match="more than 8 MB in one answer"):
        asked(played.url, max_body=8 << 20)


def test_a_redirect_is_not_followed() -> None:
    with playing(GOOD) as inside, playing(sends(b"", "302 Found", f"Location: {inside.url}\r\n")) as played:
        with pytest.raises(SourceError, match="sent us elsewhere"):
            asked(played.url)
        assert inside.requests == []


def test_a_refusal_is_not_repeated_and_carries_its_body() -> None:
    with playing(sends(b"unknown parameter", "400 Bad Request")) as played:
        with pytest.raises(Refused, match="answered 400: unknown parameter") as caught:
            asked(played.url)
        assert (caught.value.status, caught.value.body, len(played.requests)) == (400, b"unknown parameter", 1)


@pytest.mark.parametrize(
    "part",
    [
        sends(b'{"api-key":"k&y/1"}', "400 Bad Request"),
        sends(b"key k%26y%2F1, key k%26y/1", "503 Busy"),
        resets,
        sends(b"", "302 Found", "Location: http://elsewhere.example/?api_key=k&y/1\r\n"),
    ],
)
def test_the_key_is_in_no_message(part: Part, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with playing(part) as played, pytest.raises(SourceError) as caught:
        asked(played.url, key="k&y/1")
    for text in (str(caught.value), repr(caught.value), caplog.text, repr(caught.value.__cause__)):
        for form in ("k&y/1", "k%26y%2F1", "k%26y/1"):
            assert form not in text


@pytest.mark.parametrize(
    ("url", "base", "said"),
    [
        ("https://elsewhere.example/x", "", "not asked at elsewhere.example"),
        ("http://probe.example/x", "", "https only"),
        ("http://127.0.0.1/x", "", "not asked at 127.0.0.1"),
        ("http://mirror.example/x", "http://mirror.example/", "https only"),
        ("file:///etc/hostname", "", "not asked at"),
        ("https://probe.example@127.0.0.1/x", "", "not asked at"),
        ("https://me:pw@probe.example/x", "", "not asked at"),
        ("http://169.254.1.1/latest", "http://169.254.1.1/", "https only"),
    ],
)
def test_only_the_hosts_of_the_source_are_asked(url: str, base: str, said: str) -> None:
    client = Client(LOADER, Ask(base_url=base), sleep=lambda s: None)
    with pytest.raises(UsageError, match=said):
        client.ask(url, {}, closed, rate=1e9)


def test_requests_say_who_asks() -> None:
    with playing(GOOD) as played:
        client = Client(LOADER, Ask(base_url=played.url, contact="msl@firm.example"), sleep=lambda s: None)
        client.ask(played.url, {"a": "b c"}, closed, rate=1e9)
        client.ask(played.url, {"a": "b c"}, closed, rate=1e9, post=True)
    get, post = played.requests
    assert get.startswith(b"GET /x?a=b+c ")
    assert post.startswith(b"POST /x ")
    assert post.endswith(b"\r\n\r\na=b+c")
    assert b"kolgraph (msl@firm.example)" in get
    assert urlsplit(played.url).hostname == "127.0.0.1"


def test_a_pace_is_never_exceeded() -> None:
    now = [0.0]
    at: list[float] = []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(clock=lambda: now[0])
    for turn in range(40):
        sleep(pace.turn(10))
        at.append(now[0])
        now[0] += 0.37 if turn % 7 == 0 else 0.01
    assert max(sum(1 for t in at if begin <= t < begin + 1 - 1e-9) for begin in at) <= 10
    assert at[0] == 0
