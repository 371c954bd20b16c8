"""The app from a checkout: `python app.py`, or under gunicorn `gunicorn app:server`. Settings come from KOLGRAPH_*."""

from kolgraph.config import Settings
from kolgraph.ui import create_app
from kolgraph.workspace import Workspace

settings = Settings()
app = create_app(
    Workspace(settings.workspace, settings.store()),
    user=settings.user,
    trusted_hosts=tuple(settings.trusted_hosts),
    behind_proxy=settings.behind_proxy,
)
server = app.server

if __name__ == "__main__":
    import waitress

    waitress.serve(server, listen="127.0.0.1:8050", ident="kolgraph")
