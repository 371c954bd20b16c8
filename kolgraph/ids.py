"""Identifiers as CURIEs (`pmid:38012345`): normalise what sources write, check what can be checked.

Every `*_id` function takes the raw text of a source and returns the bare canonical identifier, or "" when the text
holds no valid one: the caller keeps the raw text and counts.
"""

import re
from operator import mul

PUBLIC_PAGES = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "nct": "https://clinicaltrials.gov/study/{}",
    "ror": "https://ror.org/{}",
    "orcid": "https://orcid.org/{}",
    "doi": "https://doi.org/{}",
    "mesh": "https://meshb.nlm.nih.gov/record/ui?ui={}",
    "pmc": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    "openalex": "https://openalex.org/{}",
    "europepmc": "https://europepmc.org/article/{}",
    "npi": "https://npiregistry.cms.hhs.gov/provider-view/{}",
    "nihreporter": "https://reporter.nih.gov/project-details/{}",
}
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)")
_DOUBLED = [2 ** (15 - place) for place in range(15)]
_NCT = re.compile(r"NCT\d{8}(?!\d)", re.I)
_ROR = re.compile(r"(?:^|ror\.org/|ror:)(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})$", re.I)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_MESH = re.compile(r"[DCQ]\d{6,9}$")


def curie(prefix: str, local: str) -> str:
    """`pmid`, `38012345` -> `pmid:38012345`."""
    return f"{prefix}:{local}"


def split(identifier: str) -> tuple[str, str]:
    """`pmid:38012345` -> (`pmid`, `38012345`)."""
    prefix, _, local = identifier.partition(":")
    return prefix, local


def public_page(identifier: str) -> str:
    """The address at which the source shows this record to anyone, or "" when it has none."""
    prefix, local = split(identifier)
    return PUBLIC_PAGES.get(prefix, "").format(local)


def pmid_id(text: str) -> str:
    """A PubMed id: digits without leading zeros."""
    digits = text.strip().removeprefix("pmid:").rsplit("/", 1)[-1]
    return str(int(digits)) if digits.isascii() and digits.isdigit() and int(digits) > 0 else ""


def orcid_id(text: str) -> str:
    """An ORCID iD with dashes whose check character (ISO 7064 mod 11-2) holds; URLs and 16 bare digits are read."""
    found = _ORCID.search(text)
    if not found:
        return ""
    digits = "".join(found.groups()).upper()
    if not digits.isascii():
        return ""
    # ISO 7064 doubles the sum at each digit: digit k of 15 counts 2 ** (16 - k) times; 48 is the code of "0"
    check = (12 - (sum(map(mul, _DOUBLED, digits.encode())) - 48 * sum(_DOUBLED)) % 11) % 11
    return "-".join(found.groups()).upper() if digits[15] == "0123456789X"[check] else ""


def npi_id(text: str) -> str:
    """A National Provider Identifier: ten digits, Luhn check with the prefix 80840."""
    digits = text.strip()
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        return ""
    total = 24  # the Luhn sum of 80840
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return digits if total % 10 == 0 else ""


def nct_id(text: str) -> str:
    """A ClinicalTrials.gov number, upper case."""
    found = _NCT.search(text)
    return found.group().upper() if found else ""


def ror_id(text: str) -> str:
    """A ROR id without its address, e.g. `04nbqb988`."""
    found = _ROR.search(text.strip())
    return found.group(1).lower() if found else ""


def doi_id(text: str) -> str:
    """A DOI in lower case, without resolver address."""
    found = _DOI.search(text.strip())
    return found.group().lower().rstrip(".") if found else ""


def mesh_id(text: str) -> str:
    """A MeSH unique identifier (descriptor, supplementary concept or qualifier)."""
    found = _MESH.search(text.strip().upper())
    return found.group() if found else ""
