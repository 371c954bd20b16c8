"""ORCID: what researchers say of themselves, from files; the service is asked only with a token of one's own.

Read are the records of the yearly public data file (`ORCID_*_summaries.tar.gz`, CC0, or XML files out of it) and
documents of the API v3 in JSON (`person`, `works`). Of two documents of one iD the later one counts, and one that only
lists works the least.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph.errors import InputError, TruncatedError, UsageError
from kolgraph.loading import Ask, Loader, Page
from kolgraph.loading.files import members, whole
from kolgraph.loading.listing import Listed, paged

from .orcid_query import plan, query_pages
from .orcid_record import says_why, take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

OFF = (
    "its public API may not be used in connection with any revenue-generating product or service"
    " (info.orcid.org/ufaqs/what-are-the-api-limits); give files of its yearly public data file, which is CC0, or, as a"
    " member of ORCID, your own token (KOLGRAPH_ORCID_TOKEN)"
)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, which may be the archive of all records, or of the persons with the iDs of the query."""
    if not ask.file:
        if not ask.api_key:
            raise UsageError(f"ORCID is not asked: {OFF}")
        yield from query_pages(ask, client, cursor)
        return
    single = not tarfile.is_tarfile(ask.file)
    listed = _files(ask.file) if single else _archived(ask.file)
    # the archive is looked through first: that it is cut shows only at its end
    expected = None if single or ask.limit is not None else sum(1 for _ in _archived(ask.file, bodies=False))
    for page in paged(listed, take, int(cursor or 0), ask.limit, expected):
        for reject in page.rejected:
            if single and "/" not in reject.where and not says_why(reject.raw):
                raise InputError(f"{reject.where}: {reject.reason}")
        yield page


def _files(path: Path) -> Iterator[Listed]:
    with members(path, "") as files:
        for name, stream in files:
            if "/" not in name or name.lower().endswith((".xml", ".json")):
                yield name, whole(stream, name), ""


def _archived(path: Path, bodies: bool = True) -> Iterator[Listed]:
    """The documents of a tar archive in their order, read as a stream; without their bytes when only counted."""
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                if member.isfile() and member.name.lower().endswith((".xml", ".json")):
                    stream = archive.extractfile(member) if bodies else None
                    yield f"{path.name}/{member.name}", stream.read() if stream else b"", ""
    except (tarfile.ReadError, EOFError):
        raise TruncatedError(f"{path.name} is cut or damaged: the archive has no end; fetch it again") from None


LOADER = Loader(
    name="orcid",
    title="ORCID",
    home="https://orcid.org/",
    licence="CC0 (public records)",
    yields=("profiles",),
    version="1",
    pages=pages,
    hosts=("pub.orcid.org",),
    plan=plan,
    off=OFF,
)
