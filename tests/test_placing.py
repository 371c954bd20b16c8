"""ROR's own matcher: what is asked, how fast, how often, and what becomes of the answers."""

import hashlib
import json
from pathlib import Path

import pytest
from kolgraph.loaders.ror import LOADER as ROR
from servers.faults import Served, survives
from servers.ror import Register, ror

from kolgraph import jobs, landscape, placing
from kolgraph.asking import Access
from kolgraph.inbox import Inbox
from kolgraph.landscape import Landscape, topic
from kolgraph.loading import Ask, Loader, Page, Record
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Institution, Mention, Placement, Publication
from kolgraph.resolve.places import Places
from kolgraph.workspace import Workspace

NUMBERS = ("04nbqb988", "02jzgtq86", "002pd6e78", "0042xzm63")
TEXTS = {f"Chair {n} of Invented Studies, Seestadt": NUMBERS[n % 4] if n % 5 else "" for n in range(60)}


def matcher(texts: list[str]) -> Loader:
    assert ROR.places
    return ROR.places(texts)


def ask_all(inbox: Inbox, world: Register, at: Served, key: str = "") -> LoadResult:
    one, ask = matcher(list(world.truth)), Ask(query="places", base_url=at.url, api_key=key)
    return load(inbox, one, ask, Client(one, ask, sleep=at.clock.sleep, clock=at.clock.now), lambda *a: None)


@pytest.mark.parametrize(("key", "count"), [("my-client", 2500), ("", 120)])
def test_no_faster_than_ror_allows(inbox: Inbox, key: str, count: int) -> None:
    world = Register({f"Chair {n} of Invented Studies": "" for n in range(count)})
    with ror(world) as at:
        result = ask_all(inbox, world, at, key)
    assert (result.records, result.incomplete, world.refused) == (count, "", 0)
    assert {request.headers.get("client-id", "") for request in at.asked} == {key}


def test_the_chosen_one_counts_and_no_guess(inbox: Inbox) -> None:
    world = Register(TEXTS)
    with ror(world) as at:
        ask_all(inbox, world, at, "my-client")
    assert {one.text: one.institution.removeprefix("ror:") for one in inbox.nouns(Placement)} == TEXTS
    assert {one.id for one in inbox.institutions()} == {f"ror:{number}" for number in NUMBERS}
    assert all(one.city == "Seestadt" for one in inbox.institutions())


def test_two_thousand_faults() -> None:
    texts = dict(list(TEXTS.items())[:45])
    world = Register(texts)
    ids = {f"ror:{number}" for number in texts.values() if number}
    truth = ids | answers(texts)
    served = survives(matcher(list(texts)), Ask(query="places", api_key="c"), world, truth, rate=6.5, seed=6)
    assert served.played.total() == 2000


def answers(texts: dict[str, str]) -> set[str]:
    return {f"place:{hashlib.sha256(text.encode()).hexdigest()[:32]}" for text in texts}


HARBOUR = Institution("ror:04nbqb988", "Harbour University", ("Universität am Hafen",), country="DE", city="Seestadt")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "1 Chair of Invented Studies, Seestadt. Electronic address: nora@firm.example.",
            "Chair of Invented Studies, Seestadt",
        ),
        ("Chair of  Invented\n Studies; nora.e@uni.example", "Chair of Invented Studies"),
        ("Harbour University, Seestadt, Germany", ""),  # the names settle it
        ("Seestadt", ""),
        ("nora@firm.example", ""),
        ("A chair of studies, " * 40, ""),
    ],
)
def test_what_is_asked(text: str, question: str) -> None:
    assert Places([HARBOUR]).question(Affiliation(text)) == question


def test_an_answer_settles_what_the_names_do_not() -> None:
    said = Affiliation("Chair of Invented Studies; nora.e@uni.example")
    text = Places([HARBOUR]).question(said)
    assert Places([HARBOUR], {text: HARBOUR.id}).match(said) == [(HARBOUR.id, 0.8)]
    assert Places([HARBOUR], {text: ""}).match(said) == []
    assert Places([HARBOUR], {text: "ror:02jzgtq86"}).match(said) == []  # nobody knows that institution
    known = Affiliation("Harbour University, Seestadt, Germany")
    assert Places([HARBOUR], {known.text: "ror:02jzgtq86"}).match(known) == Places([HARBOUR]).match(known)


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    folder = tmp_path / "ws"
    folder.mkdir()
    landscape.write(folder, Landscape("Asthma", (topic("Asthma"),)))
    ws = Workspace(folder)
    walk = ws.inbox.begin("pubmed", "file", "00", "1")
    papers = []
    for number, text in enumerate([*TEXTS, *list(TEXTS)[:3]]):
        mention = Mention(0, "Erfunden", f"N{number}", affiliations=(Affiliation(text),))
        noun = Publication(f"pmid:{number}", year=2020, authors=(mention,))
        papers.append(Record(noun.id, b"x", noun))
    ws.inbox.store(walk, Page(tuple(papers)))
    ws.inbox.finish(walk)
    return ws


def test_each_text_is_asked_about_once_and_a_rebuild_gives_the_same(begun: Workspace) -> None:
    texts = placing.open_questions(begun)
    assert texts == [*list(TEXTS)[:3], *sorted(list(TEXTS)[3:])]  # the most frequent first
    world = Register(TEXTS)
    with ror(world) as at:
        access = Access({"ror": "my-client"}, base_urls={"ror": at.url})
        assert placing.plan_placing(texts, access).requests == 60
        placing.place(begun, texts[:5], access=access)
        assert placing.open_questions(begun) == texts[5:]
        placing.place(begun, texts[5:15], access=access)
    assert world.asked == texts[:15]
    jobs.run(begun)
    places = {row["institution"] for row in begun.store.stream("affiliations")}
    assert places == {f"ror:{TEXTS[text]}" for text in texts[:15] if TEXTS[text]}
    first = jobs.status(begun, with_hash=True)["hash"]
    (begun.path / "resolved" / "mentions.parquet").unlink()
    begun.store.close()
    (begun.path / "graph.db").unlink()
    jobs.run(begun)
    assert jobs.status(begun, with_hash=True)["hash"] == first


def test_on_the_command_line(begun: Workspace, run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    begun.close()
    world = Register(TEXTS)
    with ror(world) as at:
        monkeypatch.setenv("KOLGRAPH_BASE_URLS", json.dumps({"ror": at.url}))
        monkeypatch.setenv("KOLGRAPH_ROR_CLIENT_ID", "my-client")
        code, _, said = run("match-places", "--limit", "4", "--plan")
        assert (code, world.asked) == (0, [])
        assert "4 texts, under a minute" in said
        code, _, said = run("match-places", "--limit", "4")
        assert (code, len(world.asked)) == (0, 4)
        assert json.loads(run("status", "--json")[1])["inbox"]["placements"] == 4
