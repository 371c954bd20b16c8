"""Who uses the app, and what it is over; both need a request."""

from flask import current_app

from kolgraph.services.shelf import Shelf


def user() -> str:
    """The name that the ledger writes beside what is done in the app."""
    return str(current_app.config["KOLGRAPH_USER"])


def shelf() -> Shelf:
    """The landscapes within reach of the app."""
    held: Shelf = current_app.config["KOLGRAPH_SHELF"]
    return held
