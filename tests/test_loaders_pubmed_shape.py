"""What the patterns say of a record is what its tree says: on real and invented records, and on records mutilated."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kolgraph.loaders import pubmed, pubmed_shape
from kolgraph.loaders.pubmed_canonical import canonical
from kolgraph.loaders.pubmed_record import parse_record

from kolgraph.errors import InputError
from kolgraph.loading.files import chunks, expand, members
from kolgraph.loading.xml import parse, slices, without
from kolgraph.model import Noun

ODDITIES = Path(__file__).parent / "data" / "pubmed_oddities.xml"
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def records(path: Path) -> Iterator[bytes]:
    with members(path, ".xml") as files:
        for name, stream in files:
            for one in slices(chunks(stream, name), pubmed.RECORDS):
                if one.tag and not one.fault:
                    yield one.raw


def noun_of(raw: bytes, clean: bool = True) -> tuple[Noun, int, Counter[str]] | str:
    """What a record says, its version and what was counted; or why it says nothing."""
    unknown: Counter[str] = Counter()
    try:
        record = parse_record(raw, unknown, {}, clean and not CONTROLS.search(raw))
    except InputError as error:
        return str(error).partition(":")[0]
    assert record.raw == raw
    return record.noun, record.version, +unknown


def by_tree(raw: bytes) -> tuple[Noun, int, Counter[str]] | str:
    """The same when the record takes the way over the tree."""
    try:
        written = canonical(parse(without(without(raw, b"ReferenceList"), b"History")), Counter())
    except InputError as error:
        return str(error).partition(":")[0]
    return noun_of(written.encode())


def known(said: tuple[Noun, int, Counter[str]] | str) -> object:
    """Without what only the tree counts: elements that are new to us."""
    if isinstance(said, str):
        return said
    return said[0], said[1], {key: count for key, count in said[2].items() if not key.startswith("element: ")}


@pytest.mark.parametrize("where", ["oddities", "pubmed21n1298", "pubmed20n0014", "efetch_single", "efetch_small"])
def test_patterns_and_trees_agree(where: str, request: pytest.FixtureRequest) -> None:
    if where == "oddities":
        paths = [ODDITIES]
    else:
        realdata: Path = request.getfixturevalue("realdata")
        paths = [path for path in expand([realdata / "pubmed"]) if where in str(path)]
    seen = straight = 0
    for path in paths:
        for number, raw in enumerate(records(path)):
            if number % 7 and len(paths) == 1 and where != "oddities":
                continue
            seen += 1
            text = without(without(raw, b"ReferenceList"), b"History").decode()
            straight += pubmed_shape.article(text) is not None
            assert known(noun_of(raw)) == known(by_tree(raw))
    assert seen > 5
    if where.startswith("pubmed2"):  # or the patterns would be slower than a tree
        assert straight > 0.99 * seen


BASE = list(records(ODDITIES))
PIECES = [
    *(b"<", b">", b"&", b"&amp;", b"&#65;", b"&#11;", b"&nbsp;", b"]]>", b"<!-- x -->", b"<![CDATA[<i>]]>", b"<?x y?>"),
    *(
        b"<i>",
        b"</i>",
        b"<sup>",
        b"</sup>",
        b"<Odd/>",
        b"<Author>",
        b"</Author>",
        b"</AuthorList>",
        b"\n",
        b"\r\n",
        b"'",
    ),
    *(
        b" ValidYN='N'",
        b' x="1"',
        b"\x0b",
        b"\xff",
        b"\xc3\xa9",
        b"\xef\xbf\xbe",
        b"</PubmedArticle>",
        b"<AbstractText>",
    ),
    *(b"<Affiliation>", b"<LastName>Odd</LastName>", b"<PMID>1</PMID>", b"<ReferenceList>", b"</History>", b"\xc2\xa0"),
]


def test_a_list_without_an_end_is_no_list() -> None:
    raw = b"<ReferenceList>" + next(one for one in BASE if b"ReferenceList" not in one)
    assert without(raw, b"ReferenceList") == raw
    assert known(noun_of(raw)) == known(by_tree(raw)) == "not well-formed"


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_a_mutilated_record_is_read_as_its_tree_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(BASE))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):  # where tags begin and end is where it hurts
            at = max(raw.find(data.draw(st.sampled_from([b"<", b">", b'"', b" "])), at), 0)
        gone = data.draw(st.sampled_from([0, 0, 1, 2, 9, 40]))
        raw = raw[:at] + data.draw(st.sampled_from([b"", *PIECES])) + raw[at + gone :]
    straight, tree = known(noun_of(raw)), known(by_tree(raw))
    if not isinstance(straight, str) or not isinstance(tree, str):
        assert straight == tree
    assert known(noun_of(raw, clean=False)) == straight


ELEMENTS = [b"<Novelty>x</Novelty>", b"<!-- note -->", b"<Novelty><LastName>Nobody</LastName></Novelty>"]


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("tag", re.findall(rb"<(\w+)", BASE[0])[1:60:3])
def test_something_new_in_an_element_costs_nothing_else(tag: bytes, element: bytes) -> None:
    """A later DTD adds elements: the record is read, what is new is counted."""
    if tag in (b"i", b"b", b"sub", b"sup", b"PMID"):
        return
    raw = re.sub(rb"(<%b(?: [^>]*)?>)" % tag, rb"\1" + element, BASE[0], count=1)
    assert raw != BASE[0]
    before, after = noun_of(BASE[0]), noun_of(raw)
    assert not isinstance(before, str)
    assert not isinstance(after, str)
    assert after[0].id == before[0].id
    assert len(after[0].authors) == len(before[0].authors)  # type: ignore[union-attr]
    if element == ELEMENTS[1]:
        assert after[0] == before[0]
