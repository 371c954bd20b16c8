"""Names: folding, free text taken apart, compatibility with reasons. All names are invented."""

from itertools import combinations

import pytest

from kolgraph import names
from kolgraph.model import Mention
from kolgraph.names import EQUAL, FORENAME_CONFLICT, INEXACT, INITIALS, MIDDLE_CONFLICT, ONE_MIDDLE, SAME_MIDDLE


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("O'Lochlann", "olochlann"),
        ("Pérez-Llanera", "perez llanera"),
        ("SØRENSGÅRD", "sorensgard"),
        ("Yuri М", "yuri m"),  # the letter is Cyrillic
        ("Реtrounin", "petrounin"),  # the first two are
        ("Петрунин", "petrunin"),
        ("Сергей Petrounin С", "sergey petrounin c"),
        ("MÃ¼llerhof", "mullerhof"),
        ("  Van   Aalsterberg ", "van aalsterberg"),
        ("ﬁnch", "finch"),
        ("", ""),
    ],
)
def test_fold_gives_one_form(raw: str, folded: str) -> None:
    assert names.fold(raw) == folded
    assert names.search_words(raw) == folded.split()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Osric F Quimbly, MD", ("Quimbly", "Osric F", "")),
        ("WEILONG CHEN, MD", ("CHEN", "WEILONG", "")),
        ("Prof. Dr. Alwin M. Zehrbach", ("Zehrbach", "Alwin M.", "")),
        ("Univ.-Prof. Dr. med. Ansgar Meierhold", ("Meierhold", "Ansgar", "")),
        ("Tobin Smithwick Jr., M.D., Ph.D.", ("Smithwick", "Tobin", "jr")),
        ("Smithwick, Tobin, MD", ("Smithwick", "Tobin", "")),
        ("van der Aalsterberg, J.P.", ("van der Aalsterberg", "J.P.", "")),
        ("J.P. van der Aalsterberg", ("van der Aalsterberg", "J.P.", "")),
        ("Dr Jory Donnellan, Professor of Medicine", ("Donnellan", "Jory", "")),
        ("Marit Smithwick, RN, MSN", ("Smithwick", "Marit", "")),
        ("Jun Ma, PhD", ("Ma", "Jun", "")),
        ("Orla Do", ("Do", "Orla", "")),
    ],
)
def test_free_text_names_are_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert names.split_free_text(text) == parts
    assert names.is_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Clinical Trials",
        "Medical Monitor",
        "Study Director",
        "Central Contact",
        "Call Center 12",
        "R&D Quimbly",
        "Quimbly",
        "Quimbly Pharma Ltd",
        "Use Central Contact",
        "Clinical Research Team",
        "",
    ],
)
def test_no_person(text: str) -> None:
    assert not names.is_person(text)


def parsed(last: str, fore: str = "", initials: str = "", suffix: str = "") -> names.Name:
    return names.parse(Mention(0, last=last, fore=fore, initials=initials, suffix=suffix))


def test_parts_are_put_where_they_belong() -> None:
    assert parsed("Jr", "Hebertsen") == names.Name(("hebertsen",), ("j", "r"))  # LastName held the initials
    assert parsed("G S", "Aravindan").last == ("aravindan",)
    assert parsed("Sokolny-Papkin PhD", "Marit").last == ("sokolny", "papkin")
    assert parsed("Qing Ju Han") == names.Name(("han",), ("qing", "ju"), full=True)
    assert parsed("Smithwick Jr", "T") == names.Name(("smithwick",), ("t",), "jr")
    assert parsed("NG", "Wei").last == ("ng",)
    assert parsed("Kim", "JH", "JH") == names.Name(("kim",), ("j", "h"))
    assert parsed("Kim", "", "J") == names.Name(("kim",), ("j",))
    assert parsed("Kim", "Jo", "J").full
    assert parsed("Quimbly", "JA") == names.Name(("quimbly",), ("j", "a"))
    assert parsed("QUIMBLY", "JO").full
    assert parsed("Quimbly", "JO", "J").full


def test_spelt_out_umlauts_and_particles_are_other_forms_of_one_surname() -> None:
    assert names.relate_last(parsed("Schüttelkopf"), parsed("Schuettelkopf"))
    assert names.relate_last(parsed("Piëchler"), parsed("Piechler"))
    assert names.relate_last(parsed("El Sayedi", "Mona"), parsed("Elsayedi", "Mona"))
    assert names.relate_last(parsed("Distefanini", "Ana"), parsed("Di Stefanini", "Ana"))
    assert names.relate_last(parsed("DeCeukelier", "An"), parsed("De Ceukelier", "An"))
    assert names.relate_last(parsed("FERNANDEZCRIADA", "A"), parsed("Fernandez Criada", "A"))
    assert names.relate_last(parsed("Pablo Sanchini", "Juan"), parsed("Sanchini", "Juan Pablo"))
    assert not names.relate_last(parsed("Garcia Lopesto", "A"), parsed("Garcia Peresto", "A"))


@pytest.mark.parametrize(
    ("a", "b", "surname", "relation"),
    [
        ("Robert", "Rob", "Quimbly", (INEXACT, 0)),
        ("Bob", "Robert", "Quimbly", (INEXACT, 0)),
        ("Mathew", "Matthew", "Quimbly", (INEXACT, 0)),
        ("Aleksandr", "Alexander", "Quimbly", (INEXACT, 0)),
        ("JA", "John Alan", "Quimbly", (INITIALS, SAME_MIDDLE)),
        ("Jane", "Jana", "Quimbly", (FORENAME_CONFLICT, 0)),
        ("John A", "John B", "Quimbly", (MIDDLE_CONFLICT, 0)),
        ("John A", "John", "Quimbly", (EQUAL, ONE_MIDDLE)),
        ("John A B", "John B", "Quimbly", (EQUAL, SAME_MIDDLE)),
        ("J", "Jory", "Quimbly", (INITIALS, 0)),
        ("Will James", "William", "Quimbly", (INEXACT, ONE_MIDDLE)),
        ("Fang-Li", "Fangli", "Zhang", (EQUAL, 0)),
        ("Jae-Hoon", "Ji-Soo", "Kim", (FORENAME_CONFLICT, 0)),
        ("Jae-Hoon", "Jaesoo", "Kim", (MIDDLE_CONFLICT, 0)),
        ("Jae-Hoon", "Jae-Soo", "Kim", (MIDDLE_CONFLICT, 0)),
        ("Jae H", "Jaehoon", "Kim", (INEXACT, SAME_MIDDLE)),
        ("J", "Jae Hoon", "Kim", (INITIALS, ONE_MIDDLE)),
        ("Xiaolin", "Xiaolan", "Wang", (FORENAME_CONFLICT, 0)),
        ("Wei", "Weijing", "Wang", (FORENAME_CONFLICT, 0)),
        ("Yan", "Yang", "Wang", (FORENAME_CONFLICT, 0)),
    ],
)
def test_forenames(a: str, b: str, surname: str, relation: tuple[int, int]) -> None:
    one, two = parsed(surname, a), parsed(surname, b)
    strict = one.strict or two.strict
    assert names.relate_fore(one.fore, two.fore, one.full, two.full, strict) == relation
    assert names.relate_fore(two.fore, one.fore, two.full, one.full, strict) == relation


def test_display_keeps_the_spelling() -> None:
    assert names.display(Mention(0, last="Quimbly", fore="Osric F", suffix="Jr")) == "Osric F Quimbly Jr"
    assert names.display(Mention(0, name="OSRIC QUIMBLY, MD")) == "OSRIC QUIMBLY"
    assert names.display(Mention(0, group="The Quimbly Group")) == "The Quimbly Group"


def test_an_initial_is_no_particle() -> None:
    forms = [names.parse(Mention(0, last="Quimbly", fore=f"John {letter}")) for letter in "AEY"]
    for one, two in combinations(forms, 2):
        assert names.relate_fore(one.fore, two.fore, True, True, False)[0] < 0
