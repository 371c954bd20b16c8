"""A record made ready for the inbox: encoded, compressed, with the hash of its bytes."""

import hashlib
from typing import NamedTuple

import msgspec
from isal import isal_zlib

from kolgraph.loading import Record
from kolgraph.model import NOUNS, Noun, aliases_of

KIND_OF: dict[type[Noun], str] = {kind: name for name, kind in NOUNS.items()}
_ENCODE = msgspec.msgpack.Encoder().encode


class Packed(NamedTuple):
    """A record as the tables hold it."""

    id: str
    version: int
    kind: str
    hash: bytes
    noun: bytes
    raw: bytes
    group: str
    aliases: tuple[tuple[str, str], ...]


def pack(one: Record) -> Packed:
    """Compress and encode; what compresses and hashes leaves the interpreter to others meanwhile."""
    return Packed(
        one.id,
        one.version,
        KIND_OF[type(one.noun)],
        hashlib.sha256(one.raw).digest(),
        _ENCODE(one.noun),
        isal_zlib.compress(one.raw, 1),
        one.group,
        aliases_of(one.noun),
    )
