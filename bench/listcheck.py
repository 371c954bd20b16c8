"""How right the list check is: verdicts and chances against the truth of a synthetic world, and seconds of CPU."""

import json
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from bench import Row, kolgraph, row
from kolgraph import demo
from kolgraph.lists.match import Matcher
from kolgraph.lists.match import Row as Line
from kolgraph.lists.verdicts import DOUBTFUL, DUPLICATE, MATCHED, MOVED, NOT_FOUND, Found, judge
from kolgraph.model import Affiliation, Mention
from kolgraph.services.list_people import people
from kolgraph.workspace import Workspace

PEOPLE, ROWS = 3000, 10_000
TIED = (MATCHED, MOVED)


@dataclass(frozen=True, slots=True)
class Spot:
    """An institution of the register."""

    id: str
    name: str
    names: tuple[str, ...]
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A row and what is true of it: who is meant ("" = nobody here), whether its institution is a former one."""

    line: Line
    truth: str = ""
    former: bool = False
    repeated: bool = False


class Truth:
    """What is true of a generated world, and which person of a workspace is whom of it."""

    def __init__(self, ws: Workspace, files: Path, strangers: Path):
        self.ws = ws
        self.people = {one["person"]: one for one in _table(files / "truth" / "people.tsv")}
        self.strangers = _table(strangers / "truth" / "people.tsv")
        self.places = {**_register(strangers), **_register(files)}
        slots = {(one["pmid"], one["position"]): one["person"] for one in _table(files / "truth" / "mentions.tsv")}
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        table = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person", "name"])
        self.spelled: dict[str, list[str]] = defaultdict(list)
        for one in table.to_pylist():
            if truth := slots.get((one["record"].removeprefix("pmid:"), str(one["position"]))):
                votes[one["person"]][truth] += 1
                self.spelled[truth].append(one["name"])
        self.holds = votes  # of a person of the workspace: whose mentions those are, more than one's where it is wrong
        of = {person: count.most_common(1)[0][0] for person, count in votes.items()}
        self.here = sorted(set(self.spelled) & set(self.people))
        self.former: dict[str, list[str]] = defaultdict(list)
        for one in ws.store.stream("affiliations"):
            if not one["isCurrent"] and one["person"] in of:
                self.former[of[one["person"]]].append(one["institution"].removeprefix("ror:"))


def lists(truth: Truth, rows: int, seed: int) -> list[Asked]:
    """A list as people keep them: initials, slips, former employers, repeats, and people who are not here."""
    draw = random.Random(seed)
    unknown = draw.sample(sorted(set(truth.people) - set(truth.here)), len(truth.people) - len(truth.here))
    waiting: list[str] = []
    others: list[dict[str, str]] = []
    found: list[Asked] = []
    while len(found) < rows:
        waiting = waiting or draw.sample(truth.here, len(truth.here))
        number, dice = len(found) + 2, draw.random()
        if dice < 0.03 and found:
            again = draw.choice(found)
            if again.truth:
                found.append(_present(truth, draw, number, again.truth, True))
        elif dice < 0.70:
            found.append(_present(truth, draw, number, waiting.pop()))
        elif dice < 0.75 and unknown:
            one = truth.people[unknown.pop()]
            found.append(Asked(_line(draw, number, one, (one["last"], one["fore"]), truth.places[one["ror"]])))
        else:
            others = others or draw.sample(truth.strangers, len(truth.strangers))
            one = others.pop()
            stranger = {**one, "orcid": ""}
            home = truth.places[one["ror"]]
            if draw.random() < 0.5:  # an institution that no register holds, in a city that it does
                home = replace(home, name=f"Saint {one['last']} Hospital", names=(f"{one['last']} Clinic",))
            found.append(Asked(_line(draw, number, stranger, (one["last"], one["fore"]), home)))
    return found


def _present(truth: Truth, draw: random.Random, number: int, who: str, repeated: bool = False) -> Asked:
    one = truth.people[who]
    name = (one["last"], one["fore"])
    dice = draw.random()
    if dice < 0.1:
        name = (name[0], name[1][0])
    elif dice < 0.15:
        name = (name[0], " ".join(part[0] for part in name[1].replace("-", " ").split()))
    elif dice < 0.19:
        name = (_slip(draw, name[0]), name[1])
    elif dice < 0.22:
        name = (name[0], _slip(draw, name[1]))
    elif dice < 0.32:
        name = ("", draw.choice(truth.spelled[who]))
    old = [ror for ror in truth.former[who] if ror != one["ror"]]
    former = bool(old) and draw.random() < 0.15
    home = truth.places[draw.choice(old) if former else one["ror"]]
    return Asked(_line(draw, number, one, name, home), who, former, repeated)


def _line(draw: random.Random, number: int, one: dict[str, str], name: tuple[str, str], place: Spot) -> Line:
    dice = draw.random()
    said = place.name if draw.random() < 0.9 else draw.choice(place.names)
    if dice < 0.5:
        where = Affiliation(said, city=place.city, country=place.country)
    elif dice < 0.7:
        where = Affiliation(said)
    elif dice < 0.82:
        where = Affiliation("", city=place.city, country=place.country)
    elif dice < 0.94:
        where = Affiliation("", country=place.country)
    else:
        where = Affiliation("")
    orcid = one["orcid"] if draw.random() < 0.2 else ""
    last, fore = name
    mention = Mention(0, last, fore, name="" if last else fore, orcid=orcid, affiliations=(where,))
    return Line(number, mention)


def _slip(draw: random.Random, word: str) -> str:
    """One letter left out, doubled or turned round, after the first."""
    if len(word) < 5:
        return word
    at = draw.randrange(1, len(word) - 2)
    kind = draw.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:] if kind == 1 else word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of verdicts that were right, of rows that were found, and (chance, right) of every candidate shown."""

    precision: float  # of matched and moved
    recall: float  # of people who are here, matched or moved
    within: float  # of people who are here and not matched: among the candidates of a doubt
    absent: float  # of those not found: truly not here
    moved: float  # of those moved: the list does name a former institution
    counts: Counter[str]
    chances: tuple[tuple[float, bool], ...]


def measure(truth: Truth, asked: Sequence[Asked], found: Sequence[Found], matcher: Matcher) -> Measured:
    """Compare; a repeated row counts as a duplicate and else as what it was matched with.

    A match is right when the person holds mentions of whom the row means: mistakes of resolution are not counted here.
    """

    def meant(number: int, one: Asked) -> bool:
        return one.truth in truth.holds.get(matcher.people.people[number].id, ())

    pairs = list(zip(asked, found, strict=True))
    tied = [(one, said) for one, said in pairs if said.verdict in TIED]
    right = [(one, said) for one, said in tied if meant(said.person, one)]
    here = [(one, said) for one, said in pairs if one.truth and said.verdict != DUPLICATE]
    left = [said for one, said in here if said.verdict not in TIED and _among(one, said, meant)]
    missing = [one for one, said in pairs if said.verdict == NOT_FOUND]
    moved = [one for one, said in tied if said.verdict == MOVED]
    chances = tuple(
        (one.chance, meant(one.person, asked_for))
        for asked_for, said in pairs
        for one in said.candidates
        if not one.sure
    )
    open_here = sum(said.verdict not in TIED for _, said in here)
    return Measured(
        len(right) / max(1, len(tied)),
        sum(said.verdict in TIED and meant(said.person, one) for one, said in here) / max(1, len(here)),
        len(left) / max(1, open_here),
        sum(not one.truth for one in missing) / max(1, len(missing)),
        sum(one.former for one in moved) / max(1, len(moved)),
        Counter(said.verdict for said in found),
        chances,
    )


def _among(one: Asked, said: Found, meant: Callable[[int, Asked], bool]) -> bool:
    return said.verdict == DOUBTFUL and any(meant(each.person, one) for each in said.candidates)


def rows() -> Iterator[Row]:
    """A list of 10,000 rows against a demo landscape of 3,000 people."""
    with tempfile.TemporaryDirectory() as folder:
        home, strangers = Path(folder) / "here", Path(folder) / "elsewhere"
        kolgraph(home, "demo", "--people", str(PEOPLE))
        demo.generate(strangers, PEOPLE // 2, 11)
        with Workspace(home) as ws:
            truth = Truth(ws, home / "files", strangers)
            asked = lists(truth, ROWS, 1)
            begin = time.process_time()
            matcher = Matcher(people(ws))
            ready = time.process_time()
            found = judge([one.line for one in asked], matcher, True)
            done = time.process_time()
            measured = measure(truth, asked, found, matcher)
        shutil.rmtree(strangers)
    yield row("people made ready", ready - begin, "CPU s", "<= 5")
    yield row(f"{ROWS:,} rows against {PEOPLE:,} people", done - ready, "CPU s", "<= 10")
    yield row("matched or moved: right", measured.precision, "share", ">= 0.98")
    yield row("of people who are here: matched", measured.recall, "share", ">= 0.70")
    yield row("of those left: among the candidates of a doubt", measured.within, "share")
    yield row("not found: truly not here", measured.absent, "share", ">= 0.90")
    yield row("moved: the list does name a former institution", measured.moved, "share")
    for verdict in (MATCHED, MOVED, DOUBTFUL, DUPLICATE, NOT_FOUND):
        yield row(f"rows {verdict}", measured.counts[verdict], "rows")
    yield row("calibration error", calibration_error(measured.chances), "share", "<= 0.05")


def calibration_error(chances: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """The mean distance between what was said and what was so, weighed by how often it was said."""
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, right in chances:
        held[min(bins - 1, int(chance * bins))].append((chance, right))
    gaps = (abs(sum(chance - right for chance, right in group)) for group in held.values())
    return sum(gaps) / max(1, len(chances))


def _table(path: Path) -> list[dict[str, str]]:
    head, *lines = path.read_text("utf-8").splitlines()
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def _register(folder: Path) -> dict[str, Spot]:
    """Institutions by their ids without ror:."""
    found = {}
    for one in json.loads((folder / "ror" / "ror.json").read_text("utf-8")):
        where = one["locations"][0]["geonames_details"]
        names = tuple(name["value"] for name in one["names"])
        main = next(name["value"] for name in one["names"] if "ror_display" in name["types"])
        id = one["id"][-9:]
        found[id] = Spot(id, main, names, where["name"], where["country_code"])
    return found
