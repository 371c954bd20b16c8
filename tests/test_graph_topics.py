"""Which records a topic takes in: edges of words, plurals, signs, accents."""

import time

import pytest

from kolgraph.graph.topics import matcher, singular, text_of
from kolgraph.model import MeshTerm, Publication, Topic, Trial


def about(terms: tuple[str, ...], text: str) -> bool:
    return matcher([Topic("topic:x", "X", terms)])(text) == ["topic:x"]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("cancer", "Cancer of the skin"),
        ("cancer", "two cancers."),
        ("cancers", "a cancer-free life"),
        ("tumor", "TUMORS"),
        ("therapy", "new therapies"),
        ("therapies", "cell therapy"),
        ("COVID-19", "covid 19 and flu"),
        ("COVID-19", "COVID‑19"),  # a hyphen that does not break
        ("skin cancer", "skin\ncancers"),
        ("Sjögren", "sjogren's disease"),
        ("sjogren", "Sjögren"),
        ("virus", "viruses"),
        ("5-HT3", "the 5-HT3 receptor"),
        ("metastasis", "a metastasis"),
        ("STRASSE", "Straße"),
        ("肺がん", "肺がん"),
        ("oncolog*", "neuro-oncological care"),
        ("airway hyper*", "airway hyperresponsiveness"),
    ],
)
def test_a_term_is_found(term: str, text: str) -> None:
    assert about((term,), text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("cancer", "cancerous"),
        ("cancer", "precancer"),
        ("lung", "plunge"),
        ("asthma", ""),
        ("skin cancer", "skin of cancer"),
        ("COVID-19", "covid-190"),
        ("us", "use of uses"),
        ("c++", "vitamin d"),
        ("a.b", "axb"),
    ],
)
def test_a_term_is_not_found(term: str, text: str) -> None:
    assert not about((term,), text)


def test_a_topic_without_a_word_takes_nothing_in() -> None:
    assert not about(("+++", ""), "anything +++ at all")
    assert not about((), "anything")
    assert matcher([])("anything") == []


def test_topics_come_in_their_own_order() -> None:
    match = matcher([Topic("topic:b", "B", ("bee",)), Topic("topic:a", "A", ("ant", "bee"))])
    assert match("the bee") == ["topic:b", "topic:a"]


@pytest.mark.parametrize(
    ("word", "single"),
    [("tumors", "tumor"), ("therapies", "therapy"), ("virus", "virus"), ("loss", "loss"), ("sepsis", "sepsis")],
)
def test_singular(word: str, single: str) -> None:
    assert singular(word) == single


def test_the_text_of_a_record_is_all_that_says_what_it_is_about() -> None:
    paper = Publication("pmid:1", title="T", abstract="A", keywords=("K",), mesh=(MeshTerm("mesh:D1", "M"),))
    assert set(text_of(paper).split()) == {"T", "A", "K", "M"}
    trial = Trial("nct:1", title="T", summary="S", conditions=("C",), interventions=("I",), keywords=("K",))
    assert set(text_of(trial).split()) == {"T", "S", "C", "I", "K"}


def test_twelve_thousand_abstracts_take_under_three_seconds() -> None:
    match = matcher(
        [
            Topic("topic:a", "A", ("cancer", "tumor", "carcinoma", "melanoma", "lymphoma", "leukemia")),
            Topic("topic:b", "B", ("covid-19", "sars-cov-2", "coronavirus")),
            Topic("topic:c", "C", ("heart failure", "cardiomyopathy")),
        ]
    )
    text = "We studied the heart of nine towns, and found no tumour, nor any failure of the kind sought. " * 16
    begin = time.process_time()
    for _ in range(12_000):
        match(text)
    assert time.process_time() - begin < 3
