"""Fixtures that several test files share."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["neo4j_server"]  # a real Neo4j server, for whoever asks for it

REALDATA = Path(os.environ.get("KOLGRAPH_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real source records; named in KOLGRAPH_REALDATA, beside the checkout by default."""
    if not REALDATA.is_dir():
        pytest.skip("no real records here: set KOLGRAPH_REALDATA to a folder that holds them")
    return REALDATA
