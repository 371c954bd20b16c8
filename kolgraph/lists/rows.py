"""One row of a list: checked cell by cell, then a noun, or the reasons why not. Nothing is guessed into a person."""

import hashlib
import re
from array import array
from collections.abc import Callable
from dataclasses import replace

import msgspec

from kolgraph.formulas import FORMULA
from kolgraph.ids import npi_id, orcid_id
from kolgraph.lists import cells
from kolgraph.lists.columns import Reading
from kolgraph.lists.fields import REQUIRED, TITLES
from kolgraph.lists.problem import ERROR, INVISIBLE, WARNING, Problem, shown
from kolgraph.lists.sheet import Line
from kolgraph.lists.wish import KINDS, group, slug
from kolgraph.loading import Record
from kolgraph.model import Affiliation, Listed, Mention
from kolgraph.names import SUFFIXES, fold, is_person, split_free_text

_NAME = re.compile(r"[^\W\d_]", re.UNICODE)
Say = Callable[[str, str, str, str, str], None]  # field, severity, kind, found, todo
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


class Seen:
    """Which keys came before and in which line, in 12 bytes a slot: a million rows stay under 60 MB."""

    def __init__(self) -> None:
        self.count, self.keys, self.lines = 0, array("Q", bytes(8 << 10)), array("I", bytes(4 << 10))

    def before(self, key: int, line: int) -> int:
        """The line in which this key (not 0) came first, 0 when this is it."""
        if self.count * 2 > len(self.keys):
            old = zip(self.keys, self.lines, strict=True)
            self.keys, self.lines = (
                array(kind, bytes(2 * len(self.keys) * size)) for kind, size in (("Q", 8), ("I", 4))
            )
            for one, where in old:
                if one:
                    self._put(one, where)
        at = self._put(key, 0)
        if self.lines[at]:
            return self.lines[at]
        self.lines[at] = line
        self.count += 1
        return 0

    def _put(self, key: int, line: int) -> int:
        mask = len(self.keys) - 1
        at = key & mask
        while self.keys[at] not in (0, key):
            at = at + 1 & mask
        if not self.keys[at]:
            self.keys[at], self.lines[at] = key, line
        return at


class Rows:
    """Reads the rows of one list in order; it remembers keys, so that a row that repeats another is found."""

    def __init__(self, reading: Reading, name: str):
        self.reading, self.places = reading, reading.places()
        self.list, self.slug, self.group = name, slug(name), group(name)
        self.titles = {column.number - 1: column.title for column in reading.columns}
        self.width = max((column.number for column in reading.columns), default=0)
        self.named = "last" if "last" in self.places else "name"
        self.people, self.ids = Seen(), Seen()

    def read(self, line: Line) -> tuple[Record | None, list[Problem]]:
        """The record in a row, None when an error or an earlier row stands against it, and everything to be said."""
        problems: list[Problem] = []

        def say(field: str, severity: str, kind: str, found: str, todo: str) -> None:
            title = self.titles.get(self.places.get(field, -1), TITLES.get(field, ""))
            problems.append(Problem(line.number, title, severity, kind, shown(found), todo))

        extra = [cell for cell in line.cells[self.width :] if cell]
        if extra:
            todo = f"the header has {self.width} columns: put quotation marks around cells that hold a separator"
            problems.append(Problem(line.number, "", ERROR, "too many cells", shown(" | ".join(extra)), todo))
        elif len(line.cells) < self.width - 1:
            found = f"{len(line.cells)} of {self.width} cells"
            problems.append(
                Problem(line.number, "", WARNING, "too few cells", found, "the missing ones count as empty")
            )
        if line.foreign:
            strange = next((cell for cell in line.cells if not cell.isascii()), "")
            problems.append(
                Problem(
                    line.number, "", WARNING, "other encoding", shown(strange), "read as Windows-1252: is it right?"
                )
            )
        raw: dict[str, str] = {}
        given: dict[str, str] = {}
        for field, place in self.places.items():
            cell = line.cells[place] if place < len(line.cells) else ""
            if cell:
                raw[field] = cell
                given[field] = cell if _ordinary(cell) else _odd(field, cell, say)
        noun = self._noun(given, say)
        if noun is None or any(one.severity == ERROR for one in problems):
            return None, problems
        if self._repeats(noun, line.number, say):
            return None, problems
        return Record(noun.id, _ENCODE(raw), noun, 1, self.group), problems

    def _noun(self, given: dict[str, str], say: Say) -> Listed | None:
        place = Affiliation(
            given.get("institution", ""),
            city=given.get("city", ""),
            region=given.get("region", ""),
            country=_country(given.get("country", ""), say),
        )
        mention = _person(given, place, say)
        kind = self.reading.kind
        by = _nominator(given, say) if kind == "nominations" else None
        date = ""
        if said := given.get("date", ""):
            date, doubt = cells.day(said)
            if doubt:
                kept = f"only {date} is kept" if date else "no date is kept"
                say("date", WARNING, "unclear date", said, f"{doubt}, {kept}: write 2026-03-31")
        for field in REQUIRED[kind][1:]:
            if field != "by" and not given.get(field):  # name and nominator are told of above
                say(field, ERROR, f"empty {TITLES[field].lower()}", "", f"every row of {kind} names one")
        if mention is None or (kind == "nominations" and by is None):
            return None
        note = "; ".join(f"{TITLES[one].lower()}: {given[one]}" for one in ("specialty", "tier") if given.get(one))
        event = given.get("event", "") if kind == "events" else ""
        noun = Listed("", self.list, KINDS[kind], mention, by, event, given.get("role", ""), date, note)
        key = hashlib.sha256("\n".join(_key(noun)).encode()).hexdigest()[:16]
        return replace(noun, id=f"own:{self.slug}:{key}")

    def _repeats(self, noun: Listed, line: int, say: Say) -> bool:
        """Whether an earlier row says the same; a namesake at one place with another ORCID is another person."""
        identity, *others = _key(noun)
        by_place = [_at_place(noun.mention), *others]
        first = self.ids.before(_number([identity, *others]), line)
        if first:
            say(self.named, WARNING, "duplicate", _written(noun), f"repeats line {first}: left out")
            return True
        first = self.people.before(_number(by_place), line)
        if first and not noun.mention.orcid and not noun.mention.identifiers:
            say(self.named, WARNING, "duplicate", _written(noun), f"name and place of line {first}: left out")
            return True
        if first:
            todo = f"same name and institution as line {first}: one person or two? Both are taken in"
            say(self.named, WARNING, "namesake", _written(noun), todo)
        return False


def _ordinary(cell: str) -> bool:
    """The quick way for most cells: nothing about them has to be said."""
    return cell.isascii() and cell.isprintable() and len(cell) < 100 and cell[0].isalnum() and "  " not in cell


def _odd(field: str, cell: str, say: Say) -> str:
    """The text to keep of a cell that is not quite ordinary, after saying what is odd about it."""
    kept = cells.plain(cell)
    if kept.casefold() in cells.EMPTY:
        return ""
    if INVISIBLE.search(cell):
        line_break = "\n" in cell and field in cells.NAMES
        severity = ERROR if line_break or "\0" in cell else WARNING
        todo = "a cell holds one name: is a quotation mark missing?" if line_break else "taken out: type the cell anew"
        say(field, severity, "control characters", cell, todo)
    most = cells.MAX_NAME if field in cells.NAMES else cells.MAX_CELL
    if len(kept) > most:
        say(field, ERROR, "too long", cell, f"at most {most} characters")
    if cells.SPREADSHEET_ERROR.match(kept):
        say(field, ERROR, "spreadsheet error", kept, "mend the formula in the spreadsheet, or empty the cell")
    elif kept.startswith(FORMULA):
        severity = ERROR if field in cells.NAMES or kept[0] in "=@" else WARNING
        say(field, severity, "formula", kept, "text here, never computed: paste the value instead")
    if "\ufffd" in kept:
        say(field, WARNING, "lost characters", kept, "an earlier program lost letters here: type them anew")
    elif cells.MOJIBAKE.search(kept):
        say(field, WARNING, "twice encoded", kept, "letters were garbled by an earlier program: export the list anew")
    if cells.mixed_scripts(kept):
        say(field, WARNING, "look-alike letters", kept, "Latin and other letters in one word: type the word anew")
    return kept


def _person(given: dict[str, str], place: Affiliation, say: Say) -> Mention | None:
    """The person a row is about, None after saying that it names none."""
    last, first, suffix, field = given.get("last", ""), given.get("first", ""), given.get("suffix", ""), "last"
    if not last and (whole := given.get("name", "")):
        field = "name"
        if not is_person(whole):
            single = len(whole.split()) == 1
            todo = "write first and last name" if single else "a row names one human being, not a place or a team"
            say(field, ERROR, "no person's name", whole, todo)
            return None
        last, first, found = split_free_text(whole)
        suffix = suffix or (found.upper() if found.startswith("i") else found.title())
    if not last or not _NAME.search(last):
        field = field if "last" in given or "name" not in given else "name"
        say(field, ERROR, "empty name", last or first, "every row needs a last name")
        return None
    if any(char.isdigit() for word in f"{first} {last}".split() if fold(word) not in SUFFIXES for char in word):
        say(field, ERROR, "no person's name", f"{first} {last}".strip(), "a name holds no digits")
        return None
    middle, initials = given.get("middle", ""), given.get("initials", "")
    fore = " ".join(part for part in (first, middle) if part)
    if not fore and not initials:
        say(field, WARNING, "no first name", last, "it matches nobody by name alone")
    orcid = _checked("orcid", given, orcid_id, say)
    npi = _checked("npi", given, npi_id, say)
    places = (place,) if place.text or place.city or place.country else ()
    numbers = (f"npi:{npi}",) if npi else ()
    return Mention(
        0, last, fore, initials, suffix, role="listed", orcid=orcid, affiliations=places, identifiers=numbers
    )


def _nominator(given: dict[str, str], say: Say) -> Mention | None:
    whole = given.get("by", "")
    if not is_person(whole):
        say("by", ERROR, "no person's name" if whole else "empty name", whole, "every nomination names who made it")
        return None
    last, first, suffix = split_free_text(whole)
    orcid = _checked("by_orcid", given, orcid_id, say)
    npi = _checked("by_npi", given, npi_id, say)
    places = (Affiliation(given["by_institution"]),) if given.get("by_institution") else ()
    numbers = (f"npi:{npi}",) if npi else ()
    return Mention(
        1, last, first, suffix=suffix, role="nominator", orcid=orcid, affiliations=places, identifiers=numbers
    )


def _checked(field: str, given: dict[str, str], check: Callable[[str], str], say: Say) -> str:
    said = given.get(field, "")
    found = check(said) if said else ""
    if said and not found:
        what = "ORCID" if "orcid" in field else "NPI"
        say(field, ERROR, f"wrong {what}", said, "its check digit or length is wrong: correct it or empty the cell")
    return found


def _country(said: str, say: Say) -> str:
    code = cells.country(said) if said else ""
    if said and not code:
        say("country", WARNING, "unknown country", said, "write its English name or two-letter code; it is left open")
    return code


def _at_place(mention: Mention) -> str:
    where = fold(mention.affiliations[0].text or mention.affiliations[0].city) if mention.affiliations else ""
    return f"{fold(mention.last)}|{fold(mention.fore)}|{where}"


def _identity(mention: Mention) -> str:
    return mention.orcid or next(iter(mention.identifiers), "") or _at_place(mention)


def _key(noun: Listed) -> list[str]:
    """What makes a row itself, the identity of its person first; the rest tells events or nominators apart."""
    found = [_identity(noun.mention)]
    if noun.kind == "affiliation":
        found.append(fold(noun.mention.affiliations[0].text) if noun.mention.affiliations else "")
    if noun.kind == "event":
        found += [fold(noun.event), noun.date, fold(noun.role)]
    return [*found, _identity(noun.by)] if noun.by else found


def _number(parts: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\n".join(parts).encode(), digest_size=8).digest(), "big") or 1


def _written(noun: Listed) -> str:
    return f"{noun.mention.fore} {noun.mention.last}".strip()
