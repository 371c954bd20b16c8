"""Files that a page hands out, under /export/: each is an act that the ledger records before the first byte leaves."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Flask, Response, abort, request

from kolgraph.errors import KolgraphError

KINDS = {
    "csv": "text/csv",
    "ics": "text/calendar",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def offer(server: Flask, name: str, make: Callable[[Mapping[str, str]], bytes]) -> None:
    """Serve `make(query)` at /export/<name>, to be saved under the name and the day of today, never to be rendered."""
    stem, _, suffix = name.partition(".")

    def answer() -> Response:
        try:
            content = make(request.args)
        except KolgraphError as error:
            abort(400, str(error))
        file = f"kolgraph-{stem}-{date.today().isoformat()}.{suffix}"
        return Response(
            content, mimetype=KINDS[suffix], headers={"Content-Disposition": f'attachment; filename="{file}"'}
        )

    server.add_url_rule(f"/export/{name}", f"export-{name}", answer)
