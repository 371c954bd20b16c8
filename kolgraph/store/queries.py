"""Questions are files: find one by name, read what it answers, takes and gives.

A file begins with comment lines: what it answers, then `:name kind` for each parameter, then `-> column, column[]`
(`[]` holds a list, `?` a truth value). Kinds are those of `values`. Texts are read from the package `kolgraph.queries`
and never put together from input.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kolgraph.errors import StoreError
from kolgraph.store.values import KINDS

MARKS = {"sql": "--", "cypher": "//"}
_END = re.compile(r";\s*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question in the words of one engine. `columns` are names; `lists` and `truths` say which are not scalars."""

    name: str  # read/person
    doc: str
    params: dict[str, str]
    columns: tuple[str, ...]
    lists: tuple[str, ...]
    truths: tuple[str, ...]
    text: str

    @property
    def statements(self) -> list[str]:
        """The single statements, for the few files that hold several."""
        return [part.strip() for part in _END.split(self.text) if part.strip()]


@cache
def question(language: str, name: str) -> Question:
    """The question `read/person` in `sql` or `cypher`. Raises StoreError when there is no such file."""
    if name not in names(language):
        raise StoreError(f'there is no question "{name}" in {language}: see the folder queries/')
    text = files("kolgraph.queries").joinpath(f"{name}.{language}").read_text("utf-8")
    return parse(name, text, MARKS[language])


@cache
def names(language: str) -> frozenset[str]:
    """Every question that is there in this language."""
    found = set()
    for folder in files("kolgraph.queries").iterdir():
        if folder.is_dir():
            for file in folder.iterdir():
                stem, _, ending = file.name.rpartition(".")
                if ending == language:
                    found.add(f"{folder.name}/{stem}")
    return frozenset(found)


def parse(name: str, text: str, mark: str) -> Question:
    """Read the header of a question. Raises StoreError for a header that cannot be understood."""
    doc: list[str] = []
    params: dict[str, str] = {}
    columns: list[str] = []
    for line in _header(text, mark):
        if line.startswith("->"):
            columns += [column.strip() for column in line[2:].split(",") if column.strip()]
        elif line.startswith(":"):
            key, _, kind = line[1:].partition(" ")
            if kind not in KINDS:
                raise StoreError(f'question {name}: parameter "{key}" is of no known kind "{kind}"')
            params[key] = kind
        else:
            doc.append(line)
    if not doc:
        raise StoreError(f"question {name} does not say what it answers")
    return Question(
        name=name,
        doc=" ".join(doc),
        params=params,
        columns=tuple(column.rstrip("[]?") for column in columns),
        lists=tuple(column[:-2] for column in columns if column.endswith("[]")),
        truths=tuple(column[:-1] for column in columns if column.endswith("?")),
        text=text,
    )


def _header(text: str, mark: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith(mark):
            return
        yield line.removeprefix(mark).strip()
