"""The app from a checkout: `python app.py`, or under gunicorn `gunicorn app:server`. Settings come from KOLGRAPH_*."""

import sys
from typing import Any

from kolgraph.asking import Access
from kolgraph.config import Settings
from kolgraph.errors import KolgraphError
from kolgraph.services.landscapes import revive
from kolgraph.services.shelf import shelf
from kolgraph.ui import create_app
from kolgraph.ui.server import serve


def said(url: str) -> None:
    """Tell the terminal where the app is open."""
    sys.stderr.write(f"kolgraph is open at {url} (Ctrl+C ends it)\n")


try:
    settings = Settings()
    access = Access(settings.keys(), settings.contact, settings.base_urls)
    over = shelf(settings.workspace, settings.store(), home=settings.home, access=access)
    given: dict[str, Any] = {"user": settings.user, "behind_proxy": settings.behind_proxy}
    given["trusted_hosts"] = tuple(settings.trusted_hosts)
    if __name__ == "__main__":
        serve(over, ready=said, **given)
    else:
        server = create_app(over, **given).server
        revive(over)
except KolgraphError as error:
    sys.exit(f"kolgraph: {error}")
except KeyboardInterrupt:
    pass
