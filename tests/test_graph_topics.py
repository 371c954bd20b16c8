"""Which records a topic takes in: edges of words, plurals, signs, accents."""

import time

import pytest

from kolgraph.graph.topics import about, matcher, singular, text_of, words_of
from kolgraph.model import Descriptor, MeshTerm, Publication, Topic, Trial


def matches(terms: tuple[str, ...], text: str) -> bool:
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
    assert matches((term,), text)


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
    assert not matches((term,), text)


def test_a_topic_without_a_word_takes_nothing_in() -> None:
    assert not matches(("+++", ""), "anything +++ at all")
    assert not matches((), "anything")
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


TREE = (
    Descriptor("mesh:D001249", "Asthma", ("Bronchial Asthma",), ("C08.127.108", "C20.543.480.680.095")),
    Descriptor("mesh:D013224", "Status Asthmaticus", (), ("C08.127.108.880",)),
    Descriptor("mesh:D001982", "Bronchial Diseases", (), ("C08.127",)),
    Descriptor("mesh:D001980", "Bronchi", (), ("A04.411.125",)),
    Descriptor("mesh:D000001", "Odd Neighbour", (), ("C08.127.1089",)),
)


def headed(*headings: str) -> Publication:
    known = {one.name: one.id for one in TREE}
    return Publication("pmid:1", title="Untold", mesh=tuple(MeshTerm(known[name], name) for name in headings))


@pytest.mark.parametrize("said", ["mesh:D001249", "Asthma", "asthma", "Bronchial Asthma"])
@pytest.mark.parametrize(
    ("carries", "found"),
    [("Asthma", 1), ("Status Asthmaticus", 1), ("Bronchial Diseases", 0), ("Bronchi", 0), ("Odd Neighbour", 0)],
)
def test_a_heading_means_what_lies_below_it_in_the_tree(said: str, carries: str, found: int) -> None:
    of = about([Topic("topic:x", "X", (), (said,))], TREE)
    assert of(headed(carries)) == ["topic:x"] * found
    assert of(headed()) == []


def test_without_the_tree_a_heading_is_itself() -> None:
    topics = [Topic("topic:b", "B", ("untold",)), Topic("topic:a", "A", (), ("mesh:D001249", "status asthmaticus"))]
    of = about(topics)
    assert of(headed("Asthma")) == ["topic:b", "topic:a"]
    assert of(headed("Status Asthmaticus", "Bronchi")) == ["topic:b", "topic:a"]
    assert of(headed("Bronchi")) == ["topic:b"]


def test_the_words_of_topics_are_terms_and_headings_with_all_below() -> None:
    topics = [Topic("topic:x", "X", ("wheeze",), ("mesh:D001249",)), Topic("topic:y", "Y", ("cough",))]
    assert words_of(topics, TREE) == ("asthma", "cough", "status asthmaticus", "wheeze")
    assert words_of(topics) == ("cough", "wheeze")
