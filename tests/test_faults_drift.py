"""PubMed changes its schema: the records stay, what is new to us is counted and told, the load goes on."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kolgraph.loaders.pubmed import LOADER
from servers.eutils import Paper, Papers, PubMed, pubmed, record

from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Record
from kolgraph.loading.http import Client
from kolgraph.loading.runner import load

ODDITIES = Path(__file__).parent / "data" / "pubmed_oddities.xml"
NEW = ("<Surprise/>", '<Surprise Kind="odd">of <i>some</i> kind</Surprise>', "<Surprise><Deep>1</Deep></Surprise>")
PAPER = Paper("2020-01-01", "Asthma", revised="2021-02-03", where="Harbour Hospital, Denmark")


def read(path: Path) -> tuple[list[Record], Counter[str]]:
    found = list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))
    unknown: Counter[str] = sum((page.unknown for page in found), Counter())
    return [one for page in found for one in page.records], unknown


def test_another_document_type_changes_nothing(tmp_path: Path) -> None:
    renamed = tmp_path / "renamed.xml"
    said = ODDITIES.read_bytes()
    renamed.write_bytes(said.replace(b"pubmed_260101.dtd", b"pubmed_390101.dtd").replace(b"1st January 2026", b"2039"))
    assert renamed.read_bytes() != said
    assert read(renamed) == read(ODDITIES)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_new_element_is_counted_and_costs_nothing(data: st.DataObject, tmp_path: Path) -> None:
    known = record(1, PAPER)
    where = data.draw(st.sampled_from([at for at in range(len(known)) if known[at : at + 2] == "><"])) + 1
    path = tmp_path / "new.xml"
    path.write_text(f"<PubmedArticleSet>{known}</PubmedArticleSet>")
    ((clean,), _) = read(path)
    new = data.draw(st.sampled_from(NEW))
    path.write_text(f"<PubmedArticleSet>{known[:where]}{new}{known[where:]}</PubmedArticleSet>")
    ((kept,), unknown) = read(path)
    assert (kept.id, kept.version, kept.noun) == (clean.id, clean.version, clean.noun)
    assert [what for what in unknown if "Surprise" in what]


@pytest.mark.parametrize(
    ("known", "other", "told"),
    [
        ("<Article>", '<Article PubModel="Hologram" Mood="fine">', ""),
        ("<Journal>", "<Journal><ISSN IssnType='Quantum'>1</ISSN>", ""),
        (
            "</Article>",
            "<PublicationTypeList><PublicationType>Poem</PublicationType></PublicationTypeList></Article>",
            "Poem",
        ),
        ("<ArticleTitle>Asthma</ArticleTitle>", "", ""),
        ("<Journal>", "<Surprise/><Journal>", "Surprise"),
    ],
)
def test_drift_in_the_answers_of_the_service(inbox: Inbox, known: str, other: str, told: str) -> None:
    def drifted(number: int, paper: Paper) -> str:
        said = record(number, paper)
        assert known in said
        return said.replace(known, other) if number % 2 else said

    with pubmed(PubMed(Papers(dict.fromkeys(range(1, 31), PAPER)), render=drifted)) as at:
        ask = Ask(query="asthma", base_url=at.url)
        client = Client(LOADER, ask, sleep=at.clock.sleep, clock=at.clock.now)
        result = load(inbox, LOADER, ask, client, lambda *a: None)
    assert (result.records, result.rejected, result.incomplete) == (30, 0, "")
    assert {what: count for what, count in result.unknown.items() if told in what} if told else not result.unknown
    assert not told or told in result.line()
