"""What somebody wants of a list: its name, what its rows are, which column is what, and what to do about bad rows."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from kolgraph.errors import UsageError
from kolgraph.names import fold

KINDS = {
    "people": "person",  # of a list -> of its rows, see model.Listed
    "affiliations": "affiliation",
    "events": "event",
    "nominations": "nomination",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """`kind` "" is guessed. `columns` are (header or `#3`, field); field "" leaves one out, the rest is guessed."""

    name: str
    kind: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    skip_bad: bool = False
    header: str = ""  # "yes" or "no": whether the first line is one; "" is guessed

    def text(self) -> str:
        """The wish as one line, which `wish` reads back: it stands in the question of a load."""
        pairs = [
            ("list", self.name),
            ("kind", self.kind),
            ("header", self.header),
            *(("column", f"{a}={b}") for a, b in self.columns),
        ]
        return urlencode([pair for pair in pairs if pair[1]] + ([("rows", "good")] if self.skip_bad else []))


def wish(text: str, file: Path) -> Wish:
    """The wish in a line; a list without a name takes that of its file. Raises UsageError for other text."""
    pairs = parse_qsl(text, keep_blank_values=True)
    if unknown := {key for key, _ in pairs} - {"list", "kind", "header", "column", "rows", "turn"}:
        raise UsageError(
            f'a list is described by list, kind, header, column and rows, not by "{", ".join(sorted(unknown))}"'
        )
    given = dict(pairs)
    name = given.get("list", "").strip() or file.stem
    columns = tuple(mapping(value) for key, value in pairs if key == "column")
    return checked(Wish(name, given.get("kind", ""), columns, given.get("rows") == "good", given.get("header", "")))


def checked(one: Wish) -> Wish:
    """The wish itself, when its name can be an id and its kind exists."""
    if not slug(one.name) or len(one.name) > 120:
        raise UsageError(f'"{one.name}" cannot name a list: use up to 120 letters, digits and blanks')
    if one.kind not in ("", *KINDS):
        raise UsageError(f'a list holds {", ".join(KINDS)}, not "{one.kind}"')
    if one.header not in ("", "yes", "no"):
        raise UsageError(f'a header is there or not, yes or no, not "{one.header}"')
    return one


def mapping(text: str) -> tuple[str, str]:
    """`Surname=last` -> (`Surname`, `last`); the last = counts, for a header may hold one."""
    column, found, field = text.rpartition("=")
    if not found or not column.strip():
        raise UsageError(f'"{text}" maps no column: write --column "HEADER=FIELD", or "#3=FIELD" for the third one')
    return column.strip(), field.strip()


def slug(name: str) -> str:
    """`Board 2026 (EU)` -> `board-2026-eu`: what tells lists apart."""
    return "-".join(fold(name).split())


def group(name: str) -> str:
    """The set of records that one list makes: importing it again replaces the set."""
    return f"ownlist:{slug(name)}"
