"""What a clinician's specialty is about, and which words of a paper are about the same.

Codes are those of the Health Care Provider Taxonomy, which the bulk file of NPPES gives without their names. General
practice and internal medicine are about everything, so they agree with nothing; a profession that is not listed is
about what its name says, or about nothing that is known.
"""

import re
from functools import lru_cache

from kolgraph.names import fold

_STEMS = """rheumatology: rheumat arthrit lupus scleroderm vasculit spondyl gout myositis sjogren
cardiology: cardi heart coronary myocard atrial arrhythm aort
oncology: oncolog cancer carcinom tumor tumour neoplas lymphom leuk melanom sarcom metasta myelom
hematology: hemat haemat leuk lymphom anemi anaemi thromb hemophil haemophil myelom sickle
neurology: neurol neuropath stroke epilep parkinson alzheimer dement migraine seizure encephal
psychiatry: psychiatr depressi schizophren bipolar anxiety suicid autis psychos
pulmonology: pulmon lung asthma copd respirat bronch airway
nephrology: nephro kidney renal dialys glomerul
gastroenterology: gastro liver hepat bowel colitis crohn colorect endoscop pancrea esophag cirrhos
endocrinology: endocrin diabet thyroid insulin obes pituitar adrenal osteopor
infections: infecti hiv antibiot antimicrob bacter viral virus sepsis tubercul covid malaria hepatitis
dermatology: dermat skin psoria melanom eczema cutane acne
immunology: immunol allerg asthma atopic anaphyla immunodefic
ophthalmology: ophthalm optomet retin eye eyes ocular glaucom cataract cornea uveit
urology: urolog prostat bladder urinar
gynecology: gynec gynaec obstet pregnan ovari cervical endometr uterin matern
orthopedics: orthop fractur arthroplast knee hip tendon podiat
surgery: surg laparoscop transplant
neurosurgery: neurosurg glioma craniot aneurysm
otolaryngology: otolaryng larynx cochlear sinus audiolog hearing
anesthesiology: anesth anaesth perioperat analges
radiology: radiolog imaging tomograph ultraso
radiotherapy: radiother irradiat
pathology: patholog histopath cytolog
rehabilitation: rehabilit physiother
geriatrics: geriatr gerontol frail
intensive care: intensive criticalcare ventilat sepsis
sleep: sleep apnea apnoea
dentistry: dent periodont endodont orthodont
psychology: psycholog cognit
emergency: emergency resuscit"""
_CODES = """207RR0500X rheumatology|2080P0216X rheumatology|207RC0000X cardiology|207RC0001X cardiology
207RI0011X cardiology|2080P0202X cardiology|207RH0000X hematology|207RH0003X hematology|207RH0003X oncology
207RX0202X oncology|2080P0207X hematology|2080P0207X oncology|2086X0206X oncology|207VX0201X oncology
207VX0201X gynecology|2084N0400X neurology|2084N0402X neurology|2084P0800X psychiatry|2084P0804X psychiatry
207RP1001X pulmonology|2080P0214X pulmonology|207RC0200X intensive care|2080P0203X intensive care
207RN0300X nephrology|2080P0210X nephrology|207RG0100X gastroenterology|2080P0206X gastroenterology
207RI0008X gastroenterology|207RT0003X gastroenterology|207RE0101X endocrinology|2080P0205X endocrinology
207RI0200X infections|2080P0208X infections|207N00000X dermatology|207K00000X immunology|207RA0201X immunology
207RI0001X immunology|2080P0201X immunology|207W00000X ophthalmology|152W00000X ophthalmology|208800000X urology
207V00000X gynecology|207X00000X orthopedics|208600000X surgery|2086S0129X surgery|208G00000X surgery
208C00000X surgery|208200000X surgery|207T00000X neurosurgery|207Y00000X otolaryngology|207L00000X anesthesiology
2085R0202X radiology|2085R0001X radiotherapy|2085R0001X oncology|207ZP0102X pathology|208100000X rehabilitation
207RG0300X geriatrics|207RS0012X sleep|207P00000X emergency"""
_SEES_ALL = """207R00000X internal medicine|207Q00000X family medicine|208D00000X general practice|208000000X pediatrics
208M00000X hospitalist|390200000X student in training|174400000X specialist|207RA0000X adolescent medicine"""
_GENERAL = {_entry[:10]: _entry[11:] for _entry in re.split(r"[|\n]", _SEES_ALL)}
_GENERAL_WORDS = re.compile(
    r"(?:.* physicians )?(?:internal medicine|family (?:medicine|practice)|general practice|pediatrics|hospitalist"
    r"|specialist|student in an organized health care education training program)"
)
_BY_CODE: dict[str, set[str]] = {}
for _entry in re.split(r"[|\n]", _CODES):
    _BY_CODE.setdefault(_entry[:10], set()).add(_entry[11:])
_BY_STEM: dict[str, set[str]] = {}
for _line in _STEMS.splitlines():
    _name, _, _listed = _line.partition(": ")
    for _stem in _listed.split():
        _BY_STEM.setdefault(_stem, set()).add(_name)
_LENGTHS = sorted({len(stem) for stem in _BY_STEM})
_WORD = re.compile(r"[^\W\d_]{3,}")


def subjects_of(text: str) -> frozenset[str]:
    """What the words of a text are about, e.g. {"rheumatology"}."""
    plain = text.casefold().replace("critical care", "criticalcare")
    return frozenset().union(*map(_subjects, _WORD.findall(plain)))


@lru_cache(1 << 16)
def _subjects(word: str) -> frozenset[str]:
    return frozenset(subject for length in _LENGTHS for subject in _BY_STEM.get(word[:length], ()))


@lru_cache(1 << 12)
def specialty(said: str) -> frozenset[str]:
    """What a specialty, given by code or by name, is about; nothing for general practice."""
    code = said.strip().upper()
    return frozenset(_BY_CODE[code]) if code in _BY_CODE else subjects_of(said)


def spoken(said: str) -> str:
    """A specialty for readers: the bulk file of NPPES gives codes alone."""
    code = said.strip().upper()
    named = _GENERAL.get(code) or ", ".join(sorted(_BY_CODE.get(code, ())))
    return f"{named} ({said})" if named else said


@lru_cache(1 << 12)
def is_general(said: str) -> bool:
    """Whether a specialty is that of physicians who see everything."""
    return said.strip().upper() in _GENERAL or bool(_GENERAL_WORDS.fullmatch(fold(said)))
