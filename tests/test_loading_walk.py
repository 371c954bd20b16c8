"""A list followed by cursor: what a refusal of a query says to whoever asked."""

import pytest
from kolgraph.loaders import crossref, europepmc
from servers.raw import playing, sends

from kolgraph.errors import UsageError
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client, Refused


def asked(loader: Loader, status: str) -> None:
    with playing(sends(b'{"error":\n"no such field: \xc3\xa9tat"}', status=status)) as served:
        ask = Ask(query="asthma", base_url=served.url)
        list(loader.pages(ask, Client(loader, ask, sleep=lambda seconds: None), ""))


@pytest.mark.parametrize("loader", [crossref.LOADER, europepmc.LOADER])
def test_a_query_that_the_service_cannot_read_is_told_in_its_words(loader: Loader) -> None:
    with pytest.raises(
        UsageError, match=f'{loader.title} does not understand the query: {{"error": "no such field: état"}}'
    ):
        asked(loader, "400 Bad Request")
    with pytest.raises(Refused, match="403"):
        asked(loader, "403 Forbidden")
