"""A source that changes its mind about a field costs us that field, never the record: fixtures, spoilt at random."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kolgraph.loaders import clinicaltrials_record, crossref_record, europepmc_record, openalex_record, orcid_record

from kolgraph.errors import InputError
from kolgraph.loading.language import language
from kolgraph.loading.listing import Draft, Take
from kolgraph.loading.strict import decode_kept

DATA = Path(__file__).parent / "data"
ANYTHING = (
    "null",
    "true",
    "7",
    "-1.5",
    "1" + "0" * 30,
    '""',
    '"other"',
    "[]",
    "[null]",
    '["x"]',
    "{}",
    '{"x": 1}',
    "[[]]",
)


def _openalex() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "openalex_works.json").read_bytes())["results"][0]
    return found


def _author() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "openalex_2026.jsonl").read_bytes().splitlines()[0])
    return found


def _europepmc() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "europepmc_core.json").read_bytes())["resultList"]["result"][0]
    return found


def _crossref() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "crossref_works.json").read_bytes())["message"]["items"][0]
    return found


def _orcid() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "orcid_person.json").read_bytes())
    return found


def _study() -> dict[str, Any]:
    listed: list[dict[str, Any]] = json.loads((DATA / "ctgov_oddities.json").read_bytes())
    return listed[0]


def _take_study(raw: bytes, draft: Draft) -> None:
    draft.records.append(clinicaltrials_record.parse_study(raw, draft.unknown))


SOURCES: dict[str, tuple[Take, Callable[[], dict[str, Any]], set[str]]] = {
    "openalex work": (openalex_record.take, _openalex, {"id"}),
    "openalex author": (openalex_record.take, _author, {"id"}),
    "europepmc": (europepmc_record.take, _europepmc, {"id", "source"}),
    "crossref": (crossref_record.take, _crossref, {"DOI"}),
    "orcid": (orcid_record.take, _orcid, {"path", "group", "developer-message"}),
    "clinicaltrials": (_take_study, _study, {"protocolSection"}),
}


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to every value inside."""
    if at:
        yield at
    listed = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in listed:
        yield from places(inner, (*at, step))


def spoilt(document: Any, at: tuple[str | int, ...], by: str) -> None:
    for step in at[:-1]:
        document = document[step]
    document[at[-1]] = json.loads(by)


@pytest.mark.parametrize("source", SOURCES)
@given(st.data())
@settings(max_examples=250, deadline=None)
def test_one_bad_field_costs_no_record(source: str, data: st.DataObject) -> None:
    take, document, named = SOURCES[source]
    spoil = document()
    at = data.draw(st.sampled_from([way for way in places(spoil) if way[0] not in named]))
    spoilt(spoil, at, data.draw(st.sampled_from(ANYTHING)))
    draft = Draft()
    take(json.dumps(spoil).encode(), draft)
    (record,) = draft.records
    clean = Draft()
    take(json.dumps(document()).encode(), clean)
    assert record.id == clean.records[0].id
    if sum(draft.unknown.values()) > sum(clean.unknown.values()):
        assert all(count > 0 for count in (+draft.unknown).values())
    msgspec.msgpack.encode(record.noun)  # whatever it holds now can be kept


@pytest.mark.parametrize("source", SOURCES)
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_many_bad_fields_end_in_a_record_or_a_reason(source: str, data: st.DataObject) -> None:
    take, document, _ = SOURCES[source]
    spoil = document()
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt(spoil, data.draw(st.sampled_from(list(places(spoil)))), data.draw(st.sampled_from(ANYTHING)))
    draft = Draft()
    try:
        take(json.dumps(spoil).encode(), draft)
    except InputError as error:
        told = str(error)
    else:
        (record,) = draft.records
        told = record.id
    assert told
    assert "\n" not in told


class Inner(msgspec.Struct):
    name: str
    count: int | None = None


class Outer(msgspec.Struct):
    id: str
    inner: list[Inner] = []
    words: list[str] = []
    table: dict[str, int] = {}
    deep: list[list[int]] = []


DECODER = msgspec.json.Decoder(Outer)


@pytest.mark.parametrize(
    ("body", "kept", "counted"),
    [
        (b'{"id": "1"}', Outer("1"), {}),
        (
            b'{"id": "1", "inner": [{"name": "a", "count": "x"}, {"name": "b", "count": 2}, null]}',
            Outer("1", [Inner("a"), Inner("b", 2)]),
            {"thing: inner[].count is str, left out": 1, "thing: inner[] is null, left out": 1},
        ),
        (b'{"id": "1", "words": ["a", 1, "b"]}', Outer("1", words=["a", "b"]), {"thing: words[] is int, left out": 1}),
        (b'{"id": "1", "table": {"a": []}}', Outer("1"), {"thing: table[...] is array, left out": 1}),
        (b'{"id": "1", "deep": [[1, "x"], [2]]}', Outer("1", deep=[[1], [2]]), {"thing: deep[][] is str, left out": 1}),
    ],
)
def test_what_is_kept_and_what_is_counted(body: bytes, kept: Outer, counted: dict[str, int]) -> None:
    unknown: Counter[str] = Counter()
    assert decode_kept(DECODER, body, "thing", unknown) == kept
    assert unknown == counted


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"id": 1}', "missing required field `id`"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"id": "1", "inner": [{"count": 1}]}', "missing required field `name`"),
        (b'{"id": "1", "words": [' + b"1, " * 50 + b"1]}", "Expected `str`, got `int`"),  # this is no slip any more
        (b'{"id": "1", ', "is cut"),
        (b'{"x":' * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_kept_says_why(body: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        decode_kept(DECODER, body, "thing", Counter())


def test_languages() -> None:
    unknown: Counter[str] = Counter()
    said = ["en", "eng", "en-US", "DE", "zh-cn", "", None, "tlh"]
    assert [language(one, unknown) for one in said] == ["eng", "eng", "eng", "ger", "chi", "", "", "tlh"]
    assert unknown == {"language: tlh": 1}
