"""Who uses the app: the name that the ledger writes beside what is done in it."""

from flask import current_app


def user() -> str:
    """The user of this app; needs a request."""
    return str(current_app.config["KOLGRAPH_USER"])
