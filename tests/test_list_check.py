"""Whom a list means: what settles a row and what never does, how right it is where the truth is known, what is kept."""

import csv
import io
import itertools
import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from plotly.utils import PlotlyJSONEncoder
from uploading import settled

from bench.listcheck import Truth, calibration_error, lists, measure
from kolgraph import demo, jobs, landscape
from kolgraph.errors import UsageError
from kolgraph.lists import match
from kolgraph.lists.match import Matcher, Row
from kolgraph.lists.people import Known, People, Place, Stay, words
from kolgraph.lists.verdicts import DOUBTFUL, DUPLICATE, MATCHED, MOVED, NOT_FOUND, Found, judge
from kolgraph.lists.wish import Wish
from kolgraph.model import Affiliation, Mention
from kolgraph.services import judging, list_check, list_desk, list_members, uploads
from kolgraph.services.list_people import people
from kolgraph.ui.pages import lists_one
from kolgraph.workspace import Workspace

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
PLACES = {
    id: Place(id, name, words(name), city, country)
    for id, name, city, country in (
        ("ror:a", "University Hospital Quimby", "Quimby", "NO"),
        ("ror:b", "Sollivan Heart Institute", "Sollivan", "SE"),
        ("ror:c", "Tilda Memorial Clinic", "Tilda", "US"),
    )
}


def known(number: int, *forms: str, at: str = "ror:a", numbers: tuple[str, ...] = (), **more) -> Known:
    stays = more.pop("stays", (Stay(at, 2015, 2026, True),))
    country = PLACES[at].country
    return Known(
        f"person:{number}", forms[0], forms, f"pmid:{number}#0", numbers, country, last=2026, stays=stays, **more
    )


def crowd() -> list[Known]:
    """Sixty people of other names, so that a name or a place of its own is rare."""
    fores = ("Agnes", "Bruno", "Celia", "Dario", "Edith", "Fabian")
    lasts = (
        "Harkonnen",
        "Ibsenius",
        "Jorgenson",
        "Kestrel",
        "Lindqvist",
        "Marlowe",
        "Norrbotten",
        "Oxley",
        "Pell",
        "Quist",
    )
    named = itertools.product(fores, lasts)
    return [known(n, f"{fore} {last}", at=("ror:b", "ror:c")[n % 2]) for n, (fore, last) in enumerate(named, 100)]


def row(last: str, fore: str, institution: str = "", city: str = "", country: str = "", orcid: str = "", line: int = 2):
    where = (Affiliation(institution, city=city, country=country),) if institution or city or country else ()
    return Row(line, Mention(0, last, fore, orcid=orcid, affiliations=where))


def found(listed: Row | list[Row], *those: Known) -> Found:
    rows = listed if isinstance(listed, list) else [listed]
    return judge(rows, Matcher(People([*those, *crowd()], PLACES)), True)[-1]


ANSEL = known(1, "Ansel Quimbright", "A Quimbright")
HOSPITAL = "University Hospital Quimby"


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [
        (row("Quimbright", "Ansel", HOSPITAL), MATCHED),
        (row("Quimbright", "Ansel", "Dept. of Cardiology, Univ. Hosp. Quimby, Norway"), MATCHED),
        (row("Quimbright", "Ansel", city="Quimby", country="NO"), MATCHED),
        (row("Quimbright", "Ansel"), DOUBTFUL),
        (row("Quimbright", "Ansel", country="NO"), DOUBTFUL),
        (row("Quimbright", "Ansel", "Hospital Nobody Knows", country="NO"), DOUBTFUL),
        (row("Quimbright", "Berta", HOSPITAL), NOT_FOUND),
        (row("Quimbright", "Albert", HOSPITAL), NOT_FOUND),
        (row("Rosenqvist", "Ansel", HOSPITAL), NOT_FOUND),
        (row("Quimbrigth", "Ansel", HOSPITAL), MATCHED),
        (row("Ansel", "Quimbright", HOSPITAL), MATCHED),
    ],
    ids=[
        "name and institution", "institution with department", "name and city", "name alone", "name and country",
        "country and an unknown institution", "another forename", "the initial of another forename", "another surname",
        "two letters turned round", "the two names in the other order",
    ],
)  # fmt: skip
def test_what_settles_a_row_and_what_does_not(listed, verdict):
    said = found(listed, ANSEL)
    assert said.verdict == verdict, said.why
    assert (said.person == 0) is (verdict == MATCHED)


def test_a_name_with_a_state_never_settles_however_rare():
    mention = Mention(0, "Quimbright", "Ansel", affiliations=(Affiliation("", region="Viken", country="NO"),))
    said = found(Row(2, mention), known(1, "Ansel Quimbright", region="Viken"))
    assert said.verdict == DOUBTFUL
    assert said.chance > 0.9


def test_an_orcid_decides_for_and_against():
    mine = known(1, "Ansel Quimbright", numbers=(f"orcid:{ORCID}",))
    assert found(row("Quimbright", "A", orcid=ORCID), mine).verdict == MATCHED
    against = found(row("Quimbright", "Ansel", HOSPITAL, orcid=OTHER), mine)
    assert (against.verdict, against.person) == (DOUBTFUL, -1)
    assert f"another ORCID: {ORCID}" in against.why
    elsewhere = found(row("Rosenqvist", "Berta", HOSPITAL, orcid=ORCID), mine)
    assert (elsewhere.verdict, elsewhere.person) == (DOUBTFUL, -1)
    assert "on another name" in elsewhere.candidates[0].signs[0].text


def test_two_who_fit_alike_are_both_offered():
    said = found(row("Quimbright", "Ansel", HOSPITAL), ANSEL, known(2, "Ansel Quimbright"))
    assert said.verdict == DOUBTFUL
    assert [one.person for one in said.candidates] == [0, 1]
    assert "2 people fit about equally" in said.why


def test_who_works_elsewhere_now_has_moved_and_it_is_said_where_and_since_when():
    stays = (Stay("ror:b", 2020, 2026, True), Stay("ror:a", 2010, 2019))
    moved = known(1, "Ansel Quimbright", at="ror:b", stays=stays)
    said = found(row("Quimbright", "Ansel", HOSPITAL), moved)
    assert (said.verdict, said.person) == (MOVED, 0)
    assert said.why.startswith("now at Sollivan Heart Institute since 2020")
    both = known(1, "Ansel Quimbright", at="ror:b", stays=(Stay("ror:b", 2020, 2026, True), Stay("ror:a", 2010, 2026)))
    assert found(row("Quimbright", "Ansel", HOSPITAL), both).verdict == MATCHED


def test_who_has_no_record_for_five_years_may_have_retired():
    silent = Known("person:1", "Ansel Quimbright", ("Ansel Quimbright",), "pmid:1#0", last=2020, stays=ANSEL.stays)
    said = found(row("Quimbright", "Ansel", HOSPITAL), silent)
    assert (said.verdict, said.silent) == (MATCHED, 2020)
    assert "no record since 2020" in said.why


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (row("Quimbright", "Ansel", HOSPITAL), row("Quimbright", "A", HOSPITAL, line=3), True),
        (row("Nobody", "Nils", "Clinic of Nowhere"), row("Nobody", "N.", "Nowhere Clinic", line=3), True),
        (row("Nobody", "Nils", orcid=ORCID), row("Nobody", "Nils B", "Elsewhere", orcid=ORCID, line=3), True),
        (row("Nobody", "Nils", orcid=ORCID), row("Nobody", "Nils", orcid=OTHER, line=3), False),
        (row("Nobody", "Nils", "Clinic of Nowhere"), row("Nobody", "Nils", "Faraway Hospital", line=3), False),
        (row("Nobody", "Nils", country="NO"), row("Nobody", "Nils", country="SE", line=3), False),
    ],
    ids=["one person", "one place", "one ORCID", "two ORCIDs", "two places", "two countries"],
)
def test_rows_that_are_one_person(first, second, same):
    said = found([first, second], ANSEL)
    assert (said.verdict == DUPLICATE) is same
    assert said.twin == (2 if same else 0)


def test_a_chance_never_falls_where_more_speaks_for_somebody():
    steps = [match.calibrated(n / 200) for n in range(201)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """A world of 400 with its truth, and another one from which those come who are not there."""
    path, strangers = tmp_path_factory.mktemp("list-world"), tmp_path_factory.mktemp("strangers")
    demo.generate(path / "files", 400, 7, jobs.silent)
    demo.generate(strangers, 400, 11, jobs.silent)
    sources = tuple(landscape.Source(name, (f"files/{name}",)) for name in ("ror", "pubmed"))
    topics = tuple(landscape.topic(f"{name}={'|'.join(terms)}") for name, terms in demo.TOPICS.items())
    landscape.write(path, landscape.Landscape(demo.TITLE, topics, sources, synthetic=True))
    with Workspace(path) as ws:
        jobs.run(ws)
        yield Truth(ws, path / "files", strangers)


def test_a_world_whose_truth_is_known(truth):
    matcher = Matcher(people(truth.ws))
    asked = [one for seed in (1, 2, 3) for one in lists(truth, 400, seed)]
    said = [one for n in (0, 400, 800) for one in judge([a.line for a in asked[n : n + 400]], matcher, True)]
    measured = measure(truth, asked, said, matcher)
    assert measured.precision >= 0.98
    assert measured.recall >= 0.65
    assert measured.within >= 0.9  # the right person is on offer where a doubt is left
    assert measured.absent >= 0.95
    assert calibration_error(measured.chances) <= 0.05


HEAD = "Last name,First name,Hospital,City\n"


def of_world(ws: Workspace) -> list[dict]:
    """People with a forename, a surname of one word, and an institution of now, whose names nobody else has."""
    rows = ws.store.read("people", ids=[row["id"] for row in ws.store.stream("people")])
    names = [row["name"] for row in rows]
    fitting = [
        r for r in rows if len(r["name"].split()) == 2 and len(r["name"].split()[0]) > 2 and r["institutionName"]
    ]
    return [row for row in fitting if names.count(row["name"]) == 1]


def line_of(one: dict, place: bool = True) -> str:
    fore, last = one["name"].split()
    return f'{last},{fore},"{one["institutionName"] if place else ""}",\n'


@pytest.fixture
def listed(ws, tmp_path) -> tuple[Path, list[dict]]:
    """A file of three people here, the third without a place, and of one who is not."""
    those = of_world(ws)[:3]
    path = tmp_path / "board.csv"
    path.write_text(
        HEAD + line_of(those[0]) + line_of(those[1]) + line_of(those[2], False) + "Nemo,Nusquam,+Nowhere Clinic,\n"
    )
    return path, those


def test_answers_are_accepted_into_a_list_with_ties_and_taken_back_in_one_step(ws, listed):
    path, those = listed
    wanted = Wish("Board")
    marks = ws.ledger.watermark(), ws.inbox.watermark()
    given = list_check.answers(ws, path, wanted)
    assert [one.verdict for one in given] == [MATCHED, MATCHED, DOUBTFUL, NOT_FOUND]
    assert [one.person for one in given[:2]] == [one["id"] for one in those[:2]]
    assert (ws.ledger.watermark(), ws.inbox.watermark()) == marks  # nothing is stored before it is accepted

    third = list_check.settled(given[2], those[2]["id"])
    done = list_check.accept(ws, path, wanted, [*given[:2], third, given[3]], "Mara")
    assert (done.list.rows, done.tied, done.people) == (4, 3, 3)
    assert [one.verdict for one in judging.history(ws)] == ["several"]
    ties = [one for one in ws.ledger.judgements() if one.same]
    assert len(ties) == 3
    assert {one.by for one in ties} == {"Mara"}
    again = list_check.answers(ws, path, wanted)
    assert [one.verdict for one in again] == [MATCHED, MATCHED, MATCHED, NOT_FOUND]  # nobody is asked twice
    assert again[2].why == "accepted before"
    assert list_check.accept(ws, path, wanted, again, "Mara").entry == 0  # what is said already is not said again
    assert list_check.accept(ws, path, wanted, again[:2], "Mara").tied == 2
    assert len(ws.ledger.judgements()) == 2  # the last acceptance is all that counts
    list_check.accept(ws, path, wanted, [], "Mara")
    assert len(ws.ledger.judgements()) == 2  # where nobody was looked up nothing is taken back
    list_check.accept(ws, path, wanted, again, "Mara")

    jobs.resolve(ws)
    now = judging.persons_of(ws, [key for one in ties for key in (one.a, one.b)])
    assert all(now[one.a] == now[one.b] for one in ties)
    shown = {one.said: one for one in list_members.members(ws, "Board")}
    assert [shown[one["name"]].how for one in those] == [list_members.TIED] * 3
    assert shown["Nusquam Nemo"].person == ""

    list_members.remove(ws, "Board", "Mara")
    assert ws.ledger.judgements() == []
    list_members.restore(ws, "Board", "Mara")
    assert sorted(one.a for one in ws.ledger.judgements()) == sorted(one.a for one in ties)
    assert list_members.untie(ws, "Board", "Mara") == 3
    assert ws.ledger.judgements() == []
    assert list_check.ties(ws) == {}
    with pytest.raises(UsageError, match="nothing to take back"):
        list_members.untie(ws, "Board", "Mara")


def test_a_list_comes_back_with_the_ties_of_its_last_edition_alone(ws, listed):
    path, _ = listed
    given = list_check.answers(ws, path, Wish("Board"))
    list_check.accept(ws, path, Wish("Board"), given, "Mara")
    list_members.remove(ws, "Board", "Mara")
    list_check.accept(ws, path, Wish("Board"), given[:1], "Mara")
    told = ws.ledger.judgements()
    list_members.remove(ws, "Board", "Mara")
    assert ws.ledger.judgements() == []
    list_members.restore(ws, "Board", "Mara")
    assert [(one.a, one.b) for one in ws.ledger.judgements()] == [(one.a, one.b) for one in told]
    assert len(told) == 1


def test_a_row_means_one_of_its_candidates_or_nobody(ws, listed):
    path, those = listed
    doubt = list_check.answers(ws, path, Wish("Board"))[2]
    assert list_check.settled(doubt, those[2]["id"]).whom().name == those[2]["name"]
    nobody = list_check.settled(doubt, "")
    assert (nobody.verdict, nobody.person) == (NOT_FOUND, "")
    with pytest.raises(UsageError, match="choose one of its candidates"):
        list_check.settled(doubt, those[0]["id"])


def test_what_is_chosen_for_a_row_does_not_hang_on_what_was_chosen_before(ws, listed):
    path, _ = listed
    place = path.with_suffix(".jsonl")
    found = list_check.answers(ws, path, Wish("Board"))
    (other,) = found[1].people
    moved = replace(found[0], verdict=MOVED, why="now elsewhere", silent=2012, people=(*found[0].people, other))
    place.write_bytes(msgspec.json.encode(moved))
    nobody = list_desk.choose(place, moved.line, "")
    assert (nobody.verdict, nobody.silent, list_check.silent([nobody])) == (NOT_FOUND, 0, 0)
    kept = list_desk.choose(place, moved.line, moved.person)
    assert (kept.verdict, kept.silent, kept.why) == (MOVED, 2012, "now elsewhere; kept by you")
    changed = list_desk.choose(place, moved.line, other.id)
    assert (changed.verdict, changed.silent, changed.why) == (MATCHED, 0, "chosen by you")
    assert list_desk.rows(place) == [changed]


def test_an_upload_is_checked_settled_and_accepted(ws, listed):
    path, those = listed
    with path.open("rb") as file:
        token = uploads.receive(ws, "board.csv", file)
    uploads.begin_check(ws, token, Wish("Board"))
    assert settled(ws, token)["phase"] == "checked"
    place = uploads.people_of(ws, token)
    assert list_desk.choose(place, 4, "").verdict == NOT_FOUND
    assert list_desk.choose(place, 4, those[2]["id"]).verdict == MATCHED
    assert [one.chosen for one in list_desk.rows(place)] == [False, False, True, False]
    uploads.begin_import(ws, token, Wish("Board", "people"), "Mara")
    done = settled(ws, token)
    assert (done["phase"], done["tied"]) == ("imported", 3)
    uploads.begin_check(ws, token, Wish("Board", columns=(("Last name", "first"), ("First name", "last"))))
    settled(ws, token)
    assert not any(one.chosen for one in list_desk.rows(uploads.people_of(ws, token)))  # other columns, other rows


def test_an_npi_by_which_a_register_knows_a_person_settles_a_row(ws, tmp_path):
    one = of_world(ws)[0]
    links = {"person": [one["id"]], "state": ["linked"], "entry": ["npi:1234567893"]}
    pq.write_table(pa.table(links), ws.resolved / "links.parquet")
    path = tmp_path / "npi.csv"
    path.write_text(f"Last name,First name,NPI\n{one['name'].split()[1]},{one['name'][0]},1234567893\n")
    (said,) = list_check.answers(ws, path, Wish("Numbers"))
    assert (said.verdict, said.person) == (MATCHED, one["id"])
    assert "the same NPI" in said.why


def test_what_is_nearly_sure_is_settled_at_once(ws, listed):
    path, those = listed
    place = path.with_suffix(".jsonl")
    list_desk.look_up(ws, path, Wish("Board"), place, jobs.silent)
    sure = list_desk.rows(place)[2].people[0].chance
    assert list_desk.choose_first(place, min(1.0, sure + 0.001)) == 0
    assert list_desk.choose_first(place, sure) == 1
    assert list_desk.rows(place)[2].person == those[2]["id"]


def test_a_list_without_people_to_check_against_can_be_imported(tmp_path):
    landscape.write(tmp_path, landscape.Landscape("Empty"))
    with Workspace(tmp_path) as ws:
        token = uploads.receive(ws, "board.csv", io.BytesIO(b"Name\nAnna Beispiel\n"))
        uploads.begin_check(ws, token, Wish("Board"))
        told = settled(ws, token)
        assert told["phase"] == "checked"
        assert "Nobody is resolved yet" in told["unasked"]
        assert list_desk.rows(uploads.people_of(ws, token)) == []
        uploads.begin_import(ws, token, Wish("Board", "people"), "Mara")
        assert settled(ws, token)["list"]["rows"] == 1
        shown = json.dumps(lists_one.layout(ws, "board"), cls=PlotlyJSONEncoder)
        assert "Board" in shown
        assert "Nobody is resolved yet" in shown
        assert "There is no such list" not in shown
        nowhere = json.dumps(lists_one.layout(ws, "bored"), cls=PlotlyJSONEncoder, ensure_ascii=False)
        assert "There is no such list" in nowhere
        assert "known are “Board”." in nowhere


def test_the_command_prints_counts_and_writes_a_harmless_file(run, small_world, ws, listed):
    path, those = listed
    code, out, _ = run("lists", "check-people", str(path), workspace=ws.path)
    assert code == 0
    assert "2  matched" in out
    assert "1  not found" in out
    assert "100%" not in out
    target = path.with_name("checked.csv")
    code, out, _ = run("lists", "check-people", str(path), "--json", "--out", str(target), workspace=ws.path)
    told = json.loads(out)
    assert told["counts"] == {"matched": 2, "moved": 0, "doubtful": 1, "duplicate": 0, "not found": 1}
    assert told["rows"][0]["people"][0]["signs"]
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
    assert [one["person_id"] for one in rows[:2]] == [one["id"] for one in those[:2]]
    assert rows[3]["institution"] == "'+Nowhere Clinic"
    assert run("lists", "check-people", str(path), "--out", "x.pdf", workspace=ws.path)[0] == 2
