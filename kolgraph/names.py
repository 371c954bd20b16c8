"""Human names: fold them to one spelling, take free text apart, say whether two could be one person's.

Everything here is for comparison; the raw spelling is what people see. Two names are never "equal": they are
compatible (with a degree) or in conflict (with a reason), see `relate_last`, `relate_fore` and identity.md section 4.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from ftfy import fix_encoding
from nicknames import NickNamer
from rapidfuzz.distance import OSA

from kolgraph.model import Mention


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "van von vom zu zum zur de der den del della delle dello di da dal dos das do du des la le las los el al ul bin "
    "ibn ben bint abu ter ten te af av y e"
)
SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii"}
SUFFIXES |= {"iv": "iv", "4th": "iv", "filho": "jr", "neto": "neto"}
TITLES = _words(
    "prof professor dr doctor mr mrs ms miss sir dame pd priv univ assoc assist assistant associate adj apl doz "
    "dozent dott dra ing habil doc med rer nat hc h c"
)
DEGREES = _words(
    "md phd mph msc bsc mbbs mbchb dphil dds dmd dvm do frcp frcpc frcs mrcp facs facc faha facp fasco fesc mba ms ma "
    "ba bs rn np pa pharmd psyd scd drph mscr mhs mhsc msph med mdphd dmsc cand lic bch chb mch dm dnb frcpath "
    "franzcp fracp frcr ccrp ccrc pt dpt otr rd edd jd llm dsc drmed habil msn dnp crnp cnm aprn bsn mpt csp mchem "
    "facog fccp fidsa facr faan fahs fccm phdc abpp lcsw mmed mmedsc mmsc mhpe mpp ded ms(c) esq"
)
_AMBIGUOUS = _words("do ma ba bs ms pa np med pt rd rn dm dr hc h c lic doc ing nat ded jd")
_EAST_ASIAN = _words(
    "an ahn bae bai baek bao bian bu byun cai cao cha chae chan chang chao chen cheng cheong cheung chi chin chiu cho "
    "choi chong chou chow choe chu chua chung cong cui dai deng ding dong du duan fan fang fei feng fong fu gan gao "
    "ge geng gong gu guan guo gwak ha han hang hao he heo hong hou hsiao hsieh hsu hu hua huang huh hui hung hwang im "
    "jang jeon jeong ji jia jian jiang jiao jin jing jo joo ju jung kang kim ko kong koo kuang kuo kwak kwok kwon lai "
    "lam lan lau law lee lei leung li lian liang liao lim lin ling liu lo long lou lu luo lv ma mao mei meng miao min "
    "mo moon mu na nam ng ni nie niu no noh oh ouyang pan pang park pei peng pi piao ping pu qi qian qiao qin qiu qu "
    "quan ren rong ruan ryu seo sha shang shao shen shi shih shim shin shu si sim sin son song su suh sui sun sung "
    "tai tam tan tang tao teng teo tian tong tsai tsang tse tseng tu tung wan wang wei wen weng wong woo wu xi xia "
    "xian xiang xiao xie xin xing xiong xu xue yan yang yao ye yeh yeo yeung yi yim yin ying yip yoo yoon you yu yuan "
    "yue yun zeng zha zhai zhan zhang zhao zhen zheng zhi zhong zhou zhu zhuang zhuo zong zou zuo"
)
_NO_PERSON = _words(
    "clinical trial trials study studies medical monitor center centre call contact department dept research office "
    "information info group inc llc ltd gmbh corp corporation company co limited university hospital institute clinic "
    "pharma pharmaceutical pharmaceuticals therapeutics biotech sciences laboratories investigator investigators "
    "coordinator coordinators team sponsor disclosure transparency recruiting recruitment site registry manager "
    "director officer affairs operations development global international public patient patients use central desk "
    "service services support program project professor medicine faculty school of chair head lead leader committee "
    "foundation society association network nurse the novartis pfizer gsk glaxosmithkline sanofi "
    "astrazeneca bayer roche genentech merck amgen abbvie lilly takeda boehringer janssen nordisk"
)
_PLAIN = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼʻ]")
_MOJIBAKE = re.compile("[ÃÂâÅÄ][\x80-\xbf‚-™]|â€")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[A-Za-z]")
_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХаеорсухіјѕІЈЅ", "ABEKMHOPCTYXaeopcyxijsIJS")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_nicknamer = NickNamer()


@lru_cache(1 << 16)
def fold(text: str) -> str:
    """The comparison form: repaired, transliterated, lower case, only [a-z0-9] and single spaces; no apostrophes."""
    if not text.isascii():
        if _MOJIBAKE.search(text):
            text = fix_encoding(text)
        if _CYRILLIC.search(text) and _LATIN.search(text):
            text = re.sub(r"\w+", _as_it_looks, text)
        text = anyascii(_APOSTROPHES.sub("", unicodedata.normalize("NFKC", text)))
    return _PLAIN.sub(" ", text.replace("'", "").casefold()).strip()


def _as_it_looks(word: re.Match[str]) -> str:
    """A word of Latin letters with a letter of the other keyboard, or that letter alone among Latin words."""
    return word[0].translate(_LOOK_ALIKE) if len(word[0]) == 1 or _LATIN.search(word[0]) else word[0]


def search_words(text: str) -> list[str]:
    """The words by which a name is searched."""
    return fold(text).split()


@dataclass(frozen=True, slots=True)
class Name:
    """A name in comparison form. `full` is False where no forename is spelt out: then `fore` holds single letters."""

    last: tuple[str, ...]
    fore: tuple[str, ...] = ()
    suffix: str = ""
    full: bool = False
    variant: str = ""  # the surname with ae/oe/ue/aa for umlauts, "" when it has none

    @property
    def initial(self) -> str:
        return self.fore[0][0] if self.fore else ""

    @property
    def strict(self) -> bool:
        """East Asian surname: one other letter in a forename is another name, not a slip."""
        return len(self.last) == 1 and self.last[0] in _EAST_ASIAN

    def surnames(self) -> tuple[str, ...]:
        """The joined spellings of the surname: whole, without particles, with spelt-out umlauts."""
        bare = [word for word in self.last if word not in PARTICLES]
        return tuple(dict.fromkeys(form for form in ("".join(self.last), "".join(bare), self.variant) if form))

    def parts(self) -> tuple[str, ...]:
        """The halves of a compound surname that can stand for the whole."""
        bare = [word for word in self.last if word not in PARTICLES and len(word) > 2]
        return tuple(bare) if len(bare) > 1 else ()


def parse(mention: Mention) -> Name:
    """The comparison form of a mention, its parts put where they belong: degrees off, suffix apart, swaps undone."""
    last, fore, suffix = mention.last, mention.fore, mention.suffix
    if not last and mention.name:
        last, fore, suffix = split_free_text(mention.name)
    elif last and not fore and not mention.initials and " " in last.strip():
        last, fore, suffix = split_free_text(last)
    if fore and _only_initials(last) and len(fore) > 2 and not fore.isupper():
        last, fore = fore, " ".join(last.replace(".", "").replace(" ", "").upper())
    words, found = _strip_tail(last.split())
    last, suffix = " ".join(words), SUFFIXES.get(fold(suffix), fold(suffix)) or found
    words, found = _strip_tail(fore.split())
    fore, suffix = " ".join(words), suffix or found
    tokens = tuple(fold(fore).split())
    letters = fold(mention.initials).replace(" ", "")
    compact = re.sub(r"[\W_]", "", fore)
    if not tokens:
        tokens, full = tuple(letters), False
    elif all(len(token) == 1 for token in tokens):
        full = False
    elif compact.isupper() and len(compact) <= 4 and "".join(tokens) == letters:
        tokens, full = tuple(letters), False
    elif compact.isupper() and len(compact) <= 3 and not letters and not last.isupper():
        tokens, full = tuple("".join(tokens)), False
    else:
        full = True
    variant = fold(last.casefold().translate(_SPELT_OUT)).replace(" ", "")
    surname = tuple(fold(last).split())
    return Name(surname, tokens, suffix, full, "" if variant == "".join(surname) else variant)


def split_free_text(name: str) -> tuple[str, str, str]:
    """`Prof. Dr. Raymond F Anton Jr., MD` -> (`Anton`, `Raymond F`, `jr`); `Anton, Raymond F` is read as well."""
    suffix = ""
    pieces: list[list[str]] = []
    for piece in re.split(r"[,;(]", name):
        words, found = _strip_tail(_strip_titles(piece.strip(" )").split()), after_comma=bool(pieces))
        suffix = suffix or found
        if words and not (pieces and {fold(word) for word in words} & _NO_PERSON):
            pieces.append(words)
    if not pieces:
        return "", "", suffix
    if len(pieces) > 1:
        return " ".join(pieces[0]), " ".join(pieces[1]), suffix
    words = pieces[0]
    cut = len(words) - 1
    while cut > 1 and fold(words[cut - 1]) in PARTICLES:
        cut -= 1
    return " ".join(words[cut:]), " ".join(words[:cut]), suffix


def is_person(name: str) -> bool:
    """Whether a registry's free text names a human being: `Medical Monitor` and `Clinical Trials` do not."""
    if any(char.isdigit() for char in name) or "&" in name:
        return False
    last, fore, _ = (fold(part) for part in split_free_text(name))
    words = f"{fore} {last}".split()
    return len(last.replace(" ", "")) > 1 and bool(fore) and len(words) <= 8 and not set(words) & _NO_PERSON


def display(mention: Mention) -> str:
    """The name for screens, as the source spells it: `Given M Last Jr`."""
    if mention.group:
        return mention.group
    last, fore, suffix = mention.last, mention.fore or mention.initials, mention.suffix
    if not last:
        last, fore, suffix = split_free_text(mention.name)
        suffix = suffix.upper() if suffix.startswith("i") else suffix.title()
    return " ".join(part for part in (fore, last, suffix) if part) or mention.name


def relate_last(a: Name, b: Name) -> bool:
    """Whether two surnames can be one person's: equal when joined, one inside the other, or the parts swapped."""
    if set(a.surnames()) & set(b.surnames()) or swapped(a, b):
        return True
    one, two = (frozenset(word for word in name.last if word not in PARTICLES) for name in (a, b))
    return bool(one and two) and (one <= two or two <= one)


def swapped(a: Name, b: Name) -> bool:
    """Whether one name is the other with family name and given name in the other order."""
    return (
        a.full
        and b.full
        and a.last != b.last
        and "".join(a.last) == "".join(b.fore)
        and "".join(b.last) == "".join(a.fore)
    )


EQUAL, INEXACT, INITIALS, FORENAME_CONFLICT, MIDDLE_CONFLICT = 1, 2, 3, -1, -2
NO_MIDDLE, ONE_MIDDLE, SAME_MIDDLE = 0, 1, 2


@lru_cache(1 << 16)
def relate_fore(a: tuple[str, ...], b: tuple[str, ...], a_full: bool, b_full: bool, strict: bool) -> tuple[int, int]:
    """How two forenames relate and how their middle names do: a code above and one of the three middles.

    A missing middle name is no conflict; initials are compatible with any forename that they begin.
    """
    if "".join(a) == "".join(b):
        return (EQUAL if a_full and b_full else INITIALS), (SAME_MIDDLE if min(len(a), len(b)) > 1 else NO_MIDDLE)
    if not a or not b:
        return INITIALS, NO_MIDDLE
    first = _first(a[0], b[0], strict)
    if first is None:
        return FORENAME_CONFLICT, NO_MIDDLE
    if first == INEXACT and not (len(a[0]) == 1 or len(b[0]) == 1):
        glued = _glued(a, b, strict) if len(a[0]) < len(b[0]) else _glued(b, a, strict)
        if glued is not None:
            return glued
    # a letter is an initial there, also where it could be the `y` between two surnames
    one, two = (tuple(word for word in words[1:] if len(word) == 1 or word not in PARTICLES) for words in (a, b))
    level = INITIALS if not (a_full and b_full) or len(a[0]) == 1 or len(b[0]) == 1 else first
    if not one or not two:
        return level, ONE_MIDDLE if one or two else NO_MIDDLE
    short, long = sorted((one, two), key=len)
    places = iter(long)
    if all(any(_first(word, other, strict) for other in places) for word in short):
        return level, SAME_MIDDLE
    return MIDDLE_CONFLICT, NO_MIDDLE


def _first(a: str, b: str, strict: bool) -> int | None:
    """One given name against another: EQUAL, INEXACT (initial, prefix, nickname, one edit) or None."""
    if a == b:
        return EQUAL
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        rest = long[len(short) :]
        if not strict or len(short) == 1 or _syllable(rest):
            return INEXACT
    if _nickname(short, long):
        return INEXACT
    if not strict and len(short) >= 5:
        one, two = (word.replace("ks", "x").replace("kh", "h") for word in (a, b))  # Aleksandr, Alexander
        if OSA.distance(one, two, score_cutoff=1) <= 1:
            return INEXACT
    return None


def _glued(short: tuple[str, ...], long: tuple[str, ...], strict: bool) -> tuple[int, int] | None:
    """`Jae Hoon` against `Jaehoon` or `Jaesoo`: the rest of the longer word is the second syllable of the shorter.

    A bare `Wei` is not `Weijing`: whoever writes the syllables in one word writes all of them.
    """
    rest = long[0].removeprefix(short[0])
    if rest == long[0] or len(long) > 1 or _nickname(short[0], long[0]):
        return None
    if len(short) < 2:
        return (FORENAME_CONFLICT, NO_MIDDLE) if strict else None
    if rest.startswith(short[1]) or short[1].startswith(rest):
        return INEXACT, SAME_MIDDLE
    return (MIDDLE_CONFLICT, NO_MIDDLE) if len(short[1]) > 1 and len(rest) > 1 else None


def _syllable(rest: str) -> bool:
    return len(rest) > 1 and rest[0] not in "aeiou" and any(vowel in rest for vowel in "aeiou")


@lru_cache(1 << 16)
def nicknames(fore: str) -> frozenset[str]:
    """The forenames that a forename may stand for or be short for, in comparison form."""
    return frozenset(_nicknamer.nicknames_of(fore)) | frozenset(_nicknamer.canonicals_of(fore))


def _nickname(a: str, b: str) -> bool:
    return b in nicknames(a)


def _only_initials(last: str) -> bool:
    """Whether a surname field holds initials: single letters, or a vowelless group as in `JR` (but not `NG`)."""
    words = last.replace(".", " ").split()
    if len(words) == 1 and 1 < len(words[0]) <= 3:
        folded = words[0].casefold()
        shaped = words[0].isupper() or folded in SUFFIXES
        return shaped and folded not in _EAST_ASIAN and not set(folded) & set("aeiouy")
    return bool(words) and all(len(word) == 1 for word in words)


def _strip_titles(words: list[str]) -> list[str]:
    while words and all(part in TITLES for part in fold(words[0]).split()) and len(words[0].strip(".")) > 1:
        words = words[1:]
    return words


def _strip_tail(words: list[str], after_comma: bool = False) -> tuple[list[str], str]:
    """Take degrees and suffixes off the end of a name; at least one word stays, unless it follows a comma."""
    suffix = ""
    while words and (len(words) > 1 or after_comma):
        bare = re.sub(r"[\W_]", "", words[-1]).casefold()
        if bare in SUFFIXES:
            suffix = SUFFIXES[bare]
        elif bare and not _is_degree(words, bare, after_comma):
            break
        words = words[:-1]
    return words, suffix


def _is_degree(words: list[str], bare: str, after_comma: bool) -> bool:
    if bare not in DEGREES:
        return after_comma and bare in TITLES
    if bare not in _AMBIGUOUS:
        return True
    raw = words[-1].strip(".,")
    others_mixed = not " ".join(words[:-1]).isupper() or after_comma
    return (after_comma and len(words) == 1) or ("." in raw or (raw.isupper() and others_mixed and len(words) > 2))
