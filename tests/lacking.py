"""What a test needs and does not find."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip with the reason; under CI, where every test must run, fail with it."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
