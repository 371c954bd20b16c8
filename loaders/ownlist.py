"""Own lists: people, affiliations, events and peer nominations from a CSV or XLSX file, all rows or none.

The file is read twice: first to judge every row, then to deliver them. The question of a load says what `lists.wish`
reads; `remove=NAME` instead of a file takes a list away.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kolgraph.errors import InputError, UsageError
from kolgraph.lists.check import check, examine
from kolgraph.lists.problem import ERROR
from kolgraph.lists.wish import group, wish
from kolgraph.loading import Ask, Loader, Page, Record, Reject

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 5_000  # rows of one transaction: a list of people is one page, stored whole or not at all


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """The rows of a list that passed; it replaces what an earlier file of the same list brought."""
    if not ask.file:
        name = ask.query.removeprefix("remove=")
        if name == ask.query or not name:
            raise UsageError("an own list is a file: give it with --file (kolgraph lists template makes one)")
        yield Page(replaces=(group(name),), note="removed")
        return
    wanted = wish(ask.query, ask.file)
    report = check(ask.file, wanted)
    if report.fatal or not report.good or (report.bad and not wanted.skip_bad):
        raise InputError(
            f"{ask.file.name}: {report.sentence()}. Nothing was imported: `kolgraph lists check` tells all"
        )
    unknown = Counter({kind: count for severity, kind, count in report.counts if severity != ERROR})
    records: list[Record] = []
    rejected: list[Reject] = []
    done, start = 0, int(cursor or 0)
    for line, record, problems in examine(report.reading, wanted):
        done += 1
        if done <= start:
            continue
        if record is not None:
            records.append(record)
        elif errors := [one for one in problems if one.severity == ERROR]:
            reasons = "; ".join(f"{one.column}: {one.kind} ({one.found})" for one in errors)
            rejected.append(Reject(f"{ask.file.name} line {line}", reasons))
        if len(records) + len(rejected) >= PAGE and done < report.rows:
            yield _page(records, rejected, str(done), unknown, report.good + report.bad, wanted.name)
            records, rejected, unknown = [], [], Counter()
    yield _page(records, rejected, "", unknown, report.good + report.bad, wanted.name)


def _page(
    records: list[Record], rejected: list[Reject], cursor: str, unknown: Counter[str], expected: int, name: str
) -> Page:
    replaces = (group(name),)
    return Page(tuple(records), cursor, (), tuple(rejected), unknown, expected, replaces=replaces)


LOADER = Loader(
    name="ownlist",
    title="Own lists",
    home="",
    licence="your own",
    yields=("listed",),
    version="1",
    pages=pages,
)
