"""The features in the words of a person who reads an explanation."""

from kolgraph.resolve.evidence import FEATURES

PHRASES = {
    "forename": "shared forename, by its rarity",
    "forename_inexact": "forenames alike but not equal",
    "initials_only": "a side has initials only",
    "middle_same": "same middle name or initial",
    "middle_one_side": "a middle name on one side only",
    "swapped": "name parts in the other order",
    "surname_partial": "surnames share a part only",
    "surname": "shared surname, by its rarity",
    "namesakes": "initials that many forenames share",
    "email": "same e-mail address",
    "affiliation": "similar affiliation words",
    "rare_affiliation": "same rare affiliation word",
    "affiliation_missing": "no affiliation on a side",
    "coauthors": "shared coauthors",
    "alone": "no coauthors to compare on a side",
    "text": "similar words in title, abstract and terms",
    "abstract_missing": "no abstract on a side",
    "subject": "similar subject terms",
    "subject_missing": "no subject terms on a side",
    "journal": "same journal, by its rarity",
    "grant": "same grant",
    "language": "same language other than English",
    "few_authors": "short author lists",
    "country_conflict": "different countries",
    "year_gap": "years apart",
    "trial": "a registry entry, held to a stricter bar",
    "trial_unsupported": "a registry entry without shared place, subject or coauthor",
    "reported": "the paper reports this trial",
}


def phrase(number: int) -> str:
    """What the feature of this number says."""
    return PHRASES[FEATURES[number]]
