"""How papers are read from the tables of the inbox: one publication for all records of one paper.

PubMed alone is read as it lies: no two PMIDs are one paper, so nothing has to be looked for.
"""

import sqlite3
from collections.abc import Iterator
from typing import cast

import msgspec

from kolgraph.model import Mention, Publication
from kolgraph.papers import Known, Papers, find, merged

_PUBLICATION = msgspec.msgpack.Decoder(Publication)
_KNOWN = msgspec.msgpack.Decoder(Known)
_HELD = "SELECT id, noun FROM record WHERE kind = 'publications' AND closed = '' ORDER BY id"
_OTHERS = "SELECT 1 FROM record WHERE kind = 'publications' AND (id < 'pmid:' OR id >= 'pmid;') AND closed = '' LIMIT 1"


def papers(db: sqlite3.Connection) -> Papers:
    """Which records are one paper."""
    if not db.execute(_OTHERS).fetchone():
        return Papers()
    return find(lambda: (_KNOWN.decode(noun) for _, noun in db.execute(_HELD)))


def read(db: sqlite3.Connection, known: Papers) -> Iterator[Publication]:
    """Every paper, in order of the ids."""
    for id, noun in db.execute(_HELD):
        if id in known.records:
            yield cast(Publication, publication(db, known, id))
        elif id not in known.paper:
            yield _PUBLICATION.decode(noun)


def publication(db: sqlite3.Connection, known: Papers, id: str) -> Publication | None:
    """What all records of a paper say together, by its id; None when nothing is held."""
    records = known.records.get(id, (id,))
    found = [one for record in records if (one := alone(db, record))]
    return merged(found) if found else None


def alone(db: sqlite3.Connection, id: str) -> Publication | None:
    """What one record says."""
    row = db.execute("SELECT noun FROM record WHERE id = ? AND kind = 'publications' AND closed = ''", (id,)).fetchone()
    return _PUBLICATION.decode(row[0]) if row else None


def authors(db: sqlite3.Connection, known: Papers, id: str) -> tuple[Mention, ...] | None:
    """The author list under an id: of the paper, or of a record of it as it was while it stood alone."""
    one = alone(db, id) if id in known.paper else publication(db, known, id)
    return one.authors if one else None
