"""What an upload comes to, once its check or import has ended."""

import time
from typing import Any

import pytest

from kolgraph.services import uploads
from kolgraph.workspace import Workspace


def settled(ws: Workspace, token: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = uploads.state(ws, token)
        if found["phase"] not in ("checking", "importing"):
            return found
        time.sleep(0.02)
    pytest.fail("the check does not end")
