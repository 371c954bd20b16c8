"""NIH RePORTER: rows whole and in part, and queries that reach as far as an offset goes."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from kolgraph.loaders import nihreporter_query
from kolgraph.loaders.nihreporter import LOADER
from servers.faults import Clock, Fault, faulty, survives
from servers.nihreporter import Reporter, row

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page, Wanted
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Grant, Mention
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"


def pages(path: Path) -> list[Page]:
    return list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))


def grants(walk: list[Page]) -> list[Grant]:
    return [r.noun for page in walk for r in page.records if isinstance(r.noun, Grant)]


def test_rows_whole_and_in_part() -> None:
    (page,) = check_loader(LOADER, Ask(file=DATA / "nihreporter_answer.json"))
    whole, part, other = grants([page])
    where = Affiliation("INVENTED UNIVERSITY", (), "Nowhere", "WV", "US")
    assert whole == Grant(
        "nihreporter:20000001",
        project="R15DE999001",
        number="1R15DE999001-01A1",
        title="Invented pathways",
        agency="NIDCR",
        year=2023,
        start="2023-08-01",
        end="2026-07-31",
        amount=444000.0,
        organisation=where,
        terms=("Affect", "Animal Model"),
        summary="An abstract.",
        investigators=(
            Mention(
                *(0, "Erfunden", "N.O. Marie"),
                role="contact",
                affiliations=(where,),
                identifiers=("nihpi:90000001",),
            ),
            Mention(1, "BEISPIEL", "OTTO", role="principal", identifiers=("nihpi:90000002",)),  # may sit elsewhere
        ),
    )
    assert part.investigators == (Mention(0, "MUSTER", "MARTINA", role="contact"),)
    assert other.investigators == (Mention(0, name="NURNAME", role="contact"),)
    assert (part.project, other.project, part.amount, other.amount) == ("P50MH999002", "P50MH999002", 100.0, None)
    assert part.id != other.id
    assert part.id.startswith("grant:2P50MH999002-06/")
    assert [r.reason for r in page.rejected] == [
        "the row has neither an application (appl_id) nor a number (project_num)"
    ]
    assert [record.version for record in page.records] == [20230805, 1, 1]
    assert page.expected == 4


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    for text, said in (
        ("[{}]", "no project_num"),
        ('{"message": "An error"}', "no project_num"),
        ("[", "is cut"),
        ("<html>", "an HTML page"),
        ('["Offset should be less"]', "no project_num"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=said):
            pages(path)
    path.write_text("[]")
    assert grants(pages(path)) == []
    with pytest.raises(UsageError, match="Give a file or a query"):
        list(LOADER.pages(Ask(), Client(LOADER, Ask()), ""))


def test_a_large_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "projects.json.gz"
    path.write_bytes(gzip.compress(json.dumps([row(n) for n in range(2300)]).encode()))
    walk = pages(path)
    assert [page.cursor for page in walk] == ["1000", "2000", ""]
    assert list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), "1000")) == walk[1:]


# queries


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the service, many times smaller."""
    monkeypatch.setattr(nihreporter_query, "PAGE", 10)
    monkeypatch.setattr(nihreporter_query, "REACH", 50)
    monkeypatch.setattr(nihreporter_query, "YEARS", (2015, 2026))


def run(inbox: Inbox, world: Reporter, query: str = "asthma", **said: object) -> LoadResult:
    with faulty(world) as served:
        ask = Ask(query=query, base_url=served.url + "v2/", **said)  # type: ignore[arg-type]
        client = Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)
        result = load(inbox, LOADER, ask, client, lambda *a: None)
        assert served.never_faster_than(nihreporter_query.RATE)
    return result


def truth(world: Reporter) -> set[str]:
    return {f"nihreporter:{one['appl_id']}" for one in world.rows}


def held(inbox: Inbox, world: Reporter) -> bool:
    """Whether the inbox holds all that the world does, and how many that is."""
    return all(inbox.record(id) for id in truth(world))


def test_an_answer_of_some_pages(inbox: Inbox) -> None:
    world = Reporter([row(n) for n in range(1234)] + [row(9999, title="Something else")])
    result = run(inbox, world)
    assert (result.records, result.rejected, result.incomplete) == (1234, 0, "")
    world.rows.pop()
    assert held(inbox, world)
    asked = [(said["offset"], said["limit"]) for said in world.log]
    assert asked == [(0, 1), (0, 1), (0, 500), (500, 500), (1000, 500), (0, 1)]
    assert world.log[0]["criteria"] == {
        "advanced_text_search": {
            "operator": "advanced",
            "search_field": "projecttitle,abstracttext,terms",
            "search_text": "asthma",
        }
    }


def test_nothing_found_is_an_answer(inbox: Inbox) -> None:
    assert run(inbox, Reporter([])).line() == 'nihreporter: 0 records from "asthma"'


def test_more_than_an_offset_reaches_is_divided_by_year_and_institute(inbox: Inbox, small: None) -> None:
    rows = [row(n, 2015 + n % 10) for n in range(300)]
    rows += [row(1000 + n, 2020, ("NCI", "NIA", "ED")[n % 3]) for n in range(120)]
    world = Reporter(rows, page=10, deepest=50)
    result = run(inbox, world)
    assert (result.records, result.rejected, result.incomplete) == (420, 0, "")
    assert held(inbox, world)
    assert all(int(str(said["offset"])) < 50 for said in world.log)
    one_year = [said["criteria"] for said in world.log if "agencies" in said["criteria"]]  # type: ignore[operator]
    assert one_year
    assert all(said["is_agency_admin"] and not said["is_agency_funding"] for said in one_year)  # type: ignore[index]


def test_a_part_that_cannot_be_divided_is_followed_as_deep_as_the_server_goes(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n, 2020, "NCI") for n in range(100)], page=10, deepest=80)
    result = run(inbox, world)
    assert result.incomplete == "2020 NCI: 90 of 100 came, and the source goes no deeper"
    assert inbox.counts()["grants"] == 90
    world.deepest = 14_999  # another server of the same kind goes deeper
    assert run(inbox, world).incomplete == ""
    assert inbox.counts()["grants"] == 100


def test_an_institute_that_we_do_not_know_is_missed_and_said(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n, 2020, "NEW" if n < 3 else "NCI") for n in range(60)], page=10, deepest=80)
    assert "the source counts 60 records, 57 came" in run(inbox, world).incomplete


def test_rows_that_move_between_pages_are_found_again(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n) for n in range(10, 45)], page=10)

    def once(one: Reporter) -> None:
        if len(one.log) == 5:
            one.rows.append(row(1))  # every row behind it moves down
        if len(one.log) == 9:
            del one.rows[5]  # and up

    world.before = once
    result = run(inbox, world)
    assert result.incomplete == ""
    assert held(inbox, world)


def test_rows_doubled_and_lost_by_a_shift_without_a_change_of_the_count(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n) for n in range(10, 45)], page=10)

    def swap(one: Reporter) -> None:
        if len(one.log) == 5:
            one.rows[-1] = row(1)  # one goes behind us, one comes before us: the count stays

    world.before = swap
    result = run(inbox, world)
    assert result.incomplete == ""
    assert held(inbox, world)


def test_a_source_that_never_stands_still_leaves_the_load_incomplete(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n) for n in range(100, 135)], page=10)
    world.before = lambda one: one.rows.append(row(99 - len(one.log)))
    assert "the answer changed while it was read" in run(inbox, world).incomplete
    assert inbox.loads()[0].state == "incomplete"


def test_a_source_that_grows_behind_us_leaves_the_load_incomplete(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n, 2015 + n % 10) for n in range(100)], page=10, deepest=50)

    def grow(one: Reporter) -> None:
        asked = one.log[-1]["criteria"]
        if asked.get("fiscal_years", [0])[0] > 2020 and len(one.rows) == 100:  # type: ignore[attr-defined]
            one.rows.append(row(900, 2015))  # a year that is over

    world.before = grow
    assert "the source counts 101 records, 100 came" in run(inbox, world).incomplete
    assert run(inbox, world).incomplete == ""
    assert held(inbox, world)


def test_a_limit_and_years(inbox: Inbox, small: None) -> None:
    world = Reporter([row(n, 2015 + n % 10) for n in range(200)], page=10, deepest=50)
    assert run(inbox, world, limit=37).records == 37
    assert run(inbox, world, since="2020-01-01", until="2021-12-31").records == 40
    assert world.log[-1]["criteria"]["fiscal_years"] == [2020, 2021]  # type: ignore[index]


def test_criteria_of_the_api_are_handed_on(inbox: Inbox) -> None:
    world = Reporter([row(n, 2015 + n % 10) for n in range(50)])
    assert run(inbox, world, '{"pi_profile_ids": [1], "fiscal_years": [2016]}').records == 5
    assert world.log[0]["criteria"] == {"pi_profile_ids": [1], "fiscal_years": [2016]}
    with pytest.raises(UsageError, match="begins like JSON and is none"):
        run(inbox, world, '{"pi_profile_ids": ')


def test_a_landscape_in_the_words_of_the_source() -> None:
    assert LOADER.phrase
    assert LOADER.phrase(Wanted(("asthma", 'so-called "wheeze"'), ("Asthma", "asthma"))) == (
        '"asthma" OR "so-called wheeze" OR "Asthma"'
    )


def test_a_plan_costs_one_request() -> None:
    with faulty(Reporter([row(n) for n in range(1234)])) as served:
        ask = Ask(query="asthma", base_url=served.url + "v2/")
        assert LOADER.plan
        plan = LOADER.plan(ask, Client(LOADER, ask))
        assert len(served.asked) == 1
    assert (plan.records, plan.requests, plan.usd) == (1234, 4, None)


def test_a_refusal_is_said_in_one_line(inbox: Inbox) -> None:
    clock = Clock()
    with faulty(Reporter([row(1)]), [Fault("403")], clock) as served:
        ask = Ask(query="asthma", base_url=served.url + "v2/")
        with pytest.raises(SourceError, match="NIH RePORTER answered 403: slow down"):
            load(inbox, LOADER, ask, Client(LOADER, ask, sleep=clock.sleep, clock=clock.now), lambda *a: None)


def test_two_thousand_faults(small: None) -> None:
    world = Reporter([row(n, 2015 + n % 10, ("NCI", "NIA")[n % 2]) for n in range(180)], page=10, deepest=50)
    ask = Ask(query="asthma")
    survives(LOADER, ask, world, truth(world), rate=nihreporter_query.RATE, path="v2/", seed=8)


# real files


def test_the_rows_of_a_university(realdata: Path) -> None:
    walk = pages(realdata / "nih_reporter" / "projects_umn_subset_fields.json.gz")
    found = grants(walk)
    assert len(found) == len({grant.id for grant in found}) == 429
    assert not any(page.rejected for page in walk)
    numbers = Counter(grant.number for grant in found)
    assert (len(numbers), numbers["2P50MH119569-06"]) == (375, 8)
    assert {grant.project for grant in found if grant.number == "2P50MH119569-06"} == {"P50MH119569"}
    assert {grant.year for grant in found} == {2025, 2026}
    leaders = [mention for grant in found for mention in grant.investigators]
    assert len(leaders) == 429
    assert all(
        one.last and one.fore and one.last == one.last.strip() and one.fore == one.fore.strip() for one in leaders
    )
    raw = b"".join(r.raw for page in walk for r in page.records)
    assert raw.count(b' "') >= 138  # the blanks are kept where the source wrote them
    assert any((one.last, one.fore) == ("BAZZARO", "MARTINA") for one in leaders)
    assert sum(grant.amount or 0 for grant in found) == 211_072_136


def tidied(one: Mention) -> Mention:
    return replace(one, last=one.last.strip(" ,"), fore=one.fore.strip(" ,"))


def test_the_whole_record(realdata: Path) -> None:
    (grant,) = grants(pages(realdata / "nih_reporter" / "api_full_record_10497514.json"))
    assert (grant.id, grant.project, grant.number) == ("nihreporter:10497514", "R15DE032063", "1R15DE032063-01A1")
    (leader,) = grant.investigators
    assert (leader.role, leader.identifiers) == ("contact", ("nihpi:10583324",))
    assert grant.organisation == leader.affiliations[0]
