"""From the inbox to who is who: only records that read otherwise than last time are parsed, on all cores.

The slots of the last time lie in the resolved folder, each record's under the stamp of what the inbox held. They serve
as long as code and institutions are the same; the resolution that was made of them is gone on from as long as the
weights are the same and the two belong together.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph import __version__
from kolgraph.children import cores
from kolgraph.inbox import Inbox
from kolgraph.model import Institution, Judgement, Listed, Placement, Publication, Trial
from kolgraph.resolve import BIG_BLOCK, SLOTS, Before, Resolution, assign, in_order, parse_slots
from kolgraph.resolve.changes import CHANGES
from kolgraph.resolve.evidence import model
from kolgraph.resolve.naming import MENTIONS, keys_of, place_in
from kolgraph.resolve.places import Places
from kolgraph.resolve.rarity import stored
from kolgraph.resolve.runner import give_back, pick_up, put_down, run
from kolgraph.resolve.slots import BUCKETS
from kolgraph.resolve.standing import former

Progress = Callable[[int, int | None, str], None]
STAMPED = SLOTS.append(pa.field("stamp", pa.int64()))  # a record that names nobody is one row at position -1
BATCH = 500  # records that are parsed at once
FEW = 5_000  # mentions that are resolved before another process has started
FILE = "slots.parquet"
STANDS = ["record", "position", "person", "confidence", "hard", "tied"]  # what `assign` goes on from


def places_of(inbox: Inbox) -> Places:
    """The institutions that are loaded, with what ROR was asked about affiliations."""
    return Places(inbox.institutions(), {one.text: one.institution for one in inbox.nouns(Placement)})


def resolve_inbox(
    inbox: Inbox,
    folder: Path,
    judgements: Sequence[Judgement],
    register: Sequence[tuple[str, str]],
    mark: str,
    *,
    workers: int = 0,
    full: bool = False,
    progress: Progress = lambda done, of, what: None,
) -> Resolution:
    """Who is who now, going on from the resolution in `folder` unless `full`; `mark` is what this one will be known by.

    In so many processes, 0 for as many as there are processors and it is worth while.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # gives back what the phase before took
    known = inbox.stamps(Institution), inbox.stamps(Placement)
    made = _digest(__version__, str(STAMPED), BUCKETS, [sum(one.values()) for one in known])
    slots, changed = _slots_of(inbox, folder, made, workers or cores(), progress)
    before = None if full else _before(folder, made, changed)
    said = json.dumps(sorted((one.same, one.a, one.b) for one in judgements))
    _write(slots, folder, {"made": made, "watermark": mark, "weights": _weights(), "judgements": said})
    slots = in_order(slots.drop_columns(["stamp"]))
    workers = workers or (cores() if len(slots) >= FEW else 1)
    whose = partial(former, folder, moved=inbox.moved)
    return assign(
        *(slots, judgements, register, progress), big_block=BIG_BLOCK, workers=workers, before=before, former=whose
    )


def _slots_of(inbox: Inbox, folder: Path, made: str, workers: int, progress: Progress) -> tuple[pa.Table, pa.Array]:
    """The slots of all records (shape STAMPED), unchanged ones from `folder`; the keys of those that read otherwise."""
    old = _old(folder / FILE, made)
    stamps = {"publications": inbox.stamps(Publication), "trials": inbox.stamps(Trial)}
    now = {id: stamp for some in stamps.values() for id, stamp in some.items()}
    at = place_in(pa.array(list(now), pa.string()), old["record"].combine_chunks())
    of = np.append(np.fromiter(now.values(), np.int64, len(now)), 0)
    kept = old.filter(pa.array((at >= 0) & (of[at] == np.asarray(old["stamp"]))))
    held = set(kept["record"].unique().to_pylist())
    fresh = [STAMPED.empty_table(), *_parsed(inbox.path, made, stamps, held, workers, progress)]
    rows = inbox.stamps(Listed)
    listed = parse_slots(listed=inbox.listed())
    fresh.append(listed.append_column("stamp", pa.array([rows[id] for id in listed["record"].to_pylist()], pa.int64())))
    new = pa.concat_tables(fresh)
    met = old.select(["record", "stamp"]).group_by("record").aggregate([("stamp", "min")])
    at = place_in(met["record"].combine_chunks(), new["record"].combine_chunks())
    other = (at >= 0) & (np.append(np.asarray(met["stamp_min"]), 0)[at] != np.asarray(new["stamp"]))
    return pa.concat_tables([kept, new]), keys_of(new.select(["record", "position"]).filter(pa.array(other)))


def _old(path: Path, made: str) -> pa.Table:
    if not path.exists() or _metadata(path).get("made") != made:
        return STAMPED.empty_table()
    return pq.read_table(path).replace_schema_metadata(None)


def _parsed(
    path: Path, made: str, stamps: dict[str, dict[str, int]], held: set[str], workers: int, progress: Progress
) -> Iterator[pa.Table]:
    """The slots of the records that are not held, in batches."""
    wanted = [(kind, id, stamp) for kind, some in stamps.items() for id, stamp in some.items() if id not in held]
    cut = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    with tempfile.TemporaryDirectory(prefix="kolgraph-slots-") as name:
        jobs = (
            {"inbox": str(path), "made": made, "wanted": some, "into": str(Path(name) / f"{number}")}
            for number, some in enumerate(cut)
        )
        progress(0, len(wanted), "reading mentions")
        done = 0
        try:
            for some, answer in zip(cut, run(parse_batch, jobs, min(workers, len(cut))), strict=True):
                yield pick_up(Path(answer["into"]))
                done += len(some)
                progress(done, len(wanted), "reading mentions")
        finally:
            if _opened.cache_info().currsize:  # it was done here; next time another file may lie under this path
                _opened(str(path), made)[0].close()
                _opened.cache_clear()


def parse_batch(job: dict[str, Any]) -> dict[str, Any]:
    """Parse the records that a job names and put their slots down, in a process of its own or here."""
    inbox, places = _opened(job["inbox"], job["made"])
    wanted: Sequence[tuple[str, str, int]] = job["wanted"]
    papers, trials = ([id for kind, id, _ in wanted if kind == one] for one in ("publications", "trials"))
    slots = parse_slots(inbox.held(Publication, papers), inbox.held(Trial, trials), places=places)
    stamps = {id: stamp for _, id, stamp in wanted}
    slots = slots.append_column("stamp", pa.array([stamps[id] for id in slots["record"].to_pylist()], pa.int64()))
    met = set(slots["record"].to_pylist())
    nobody = [{"record": id, "position": -1, "stamp": stamp} for id, stamp in stamps.items() if id not in met]
    put_down(pa.concat_tables([slots, pa.Table.from_pylist(nobody, STAMPED)]), Path(job["into"]))
    give_back()
    return {"into": job["into"]}


@lru_cache(1)
def _opened(path: str, made: str) -> tuple[Inbox, Places | None]:
    """An inbox and its institutions, if there are any; `made` changes with them."""
    inbox = Inbox(Path(path))
    places = places_of(inbox) if inbox.stamps(Institution) else None
    give_back()
    return inbox, places


def _write(slots: pa.Table, folder: Path, told: dict[str, str]) -> None:
    """Put the slots down for the next time. They carry the mark of the resolution that is to be made of them."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{FILE}.new"
    pq.write_table(slots.replace_schema_metadata(told), fresh, compression="zstd")
    fresh.replace(folder / FILE)


def _before(folder: Path, made: str, changed: pa.Array) -> Before | None:
    """The resolution that stands, when it was made of the slots that lie beside it with the weights of today."""
    told = _metadata(folder / FILE) if (folder / FILE).exists() else {}
    if told.get("weights") != _weights() or told.get("made") != made:
        return None
    tables = {}
    for name, columns in {"mentions": STANDS, "doubts": None, "merges": None}.items():
        path = folder / f"{name}.parquet"
        if not path.exists() or _metadata(path).get("watermark") != told["watermark"]:
            return None
        tables[name] = pq.read_table(path, columns=columns).replace_schema_metadata(None)
    said = frozenset((bool(same), str(a), str(b)) for same, a, b in json.loads(told["judgements"]))
    rarity = stored(folder)
    return Before(**tables, rarity=rarity, judgements=said, changed=changed) if rarity else None


def made_by() -> str:
    """Changes with the weights and with the shape of what is stored: what other ones made is made again."""
    return _digest(_weights(), str(MENTIONS), str(CHANGES))


def _weights() -> str:
    known = model()
    return _digest(known.weights.tolist(), known.intercept, known.clip, known.merge, known.doubt, known.calibration)


def _metadata(path: Path) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in (pq.read_schema(path).metadata or {}).items()}


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
