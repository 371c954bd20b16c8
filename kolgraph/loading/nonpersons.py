"""Who is nobody and what is nowhere: job titles, departments and firms in the place of an investigator, sites without
a name in the place of a hospital.

Of 35,121 trials, 10,572 entries in the place of a name named no human being (10.1186/s13063-019-3408-2).
"""

import re

_DEGREES = re.compile(r",.*$|\((?:[^()]*)\)|\b(?:dr|prof|professor|mr|mrs|ms)\b\.?", re.I)
_TITLE_WORDS = re.compile(
    r"\b(?:clinical|trials?|stud(?:y|ies)|medical|director|managers?|management|monitors?|cent(?:er|re)|call|"
    r"information|department|dept|division|teams?|office|research|sites?|responsible|investigators?|investigative|"
    r"contacts?|coordinat(?:or|ion)|operations?|transparency|registry|registration|development|program(?:me)?|"
    r"services?|science[s]?|affairs|disclosure|president|chief|officer|head|lead|public|enquir(?:y|ies)|support|"
    r"desk|line|central|global|regulatory|unit|group|committee|board|sponsor|hospital|university|institute|clinic|"
    r"foundation|laborator(?:y|ies)|pharmaceuticals?|pharma|biopharma|biotech|therapeutics|biosciences|healthcare|"
    r"vaccines?|biologics|oncology|medicine|inc|llc|ltd|gmbh|corp(?:oration)?|company|limited|plc|pty|co|ag|"
    r"recruiting|administrator|specialist|tbd|none|unknown|not|available|provided|assigned|ct\.gov|"
    r"clinicaltrials|squibb|novartis|pfizer|astrazeneca|glaxosmithkline|gsk|sanofi|bayer|lilly|roche|abbvie|amgen|"
    r"takeda|boehringer|novo nordisk|gilead|janssen|regeneron|biogen|merck sharp)\b",
    re.I,
)
_ANONYMOUS = re.compile(
    r"^\W*(?:\S+\s+){0,3}?(?:research|study|trial|investigat\w+|clinical(?: research| trial| study)?|local|selected)\s+"
    r"(?:site|cent(?:er|re)|facility|institution|location)s?\b[\W\d]*(?:number|no|#|id)?[\W\d]*$"
    r"|^\W*(?:site|facility|location|cent(?:er|re))\s*(?:#|no\.?|number)?\s*[\w-]*\d*\W*$",
    re.I,
)
_NOWHERE = re.compile(
    r"for additional information|contact .*\d{3}|^local institution\b|investigat\w+ site\b|^call \d", re.I
)
_NAMED = re.compile(r"\b(?:hospital|universit\w*|clinic|institut\w*|medical|cancer|health|college|school)\b", re.I)


def is_person(name: str) -> bool:
    """Whether a text in the place of a name can be a human being's."""
    bare = _DEGREES.sub(" ", name).strip(" .,*")
    if len(bare) < 3 or re.search(r"\d|@|&|/|https?:", bare):
        return False
    return " " in bare and not _TITLE_WORDS.search(bare)


def anonymous_site(facility: str) -> bool:
    """Whether a facility is only said to exist: "Research Site", "Investigational Site 012", or no text at all."""
    said = facility.strip()
    if not said or _NOWHERE.search(said):
        return True
    return bool(_ANONYMOUS.search(said)) and not _NAMED.search(said)
