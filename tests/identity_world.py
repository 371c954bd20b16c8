"""A landscape with doubts: a list of names and places that the records know too, and one ORCID on two names."""

from pathlib import Path

from kolgraph import jobs
from kolgraph.ids import split
from kolgraph.services import lists
from kolgraph.workspace import Workspace

ROWS = 90
STRANGER = "Zelda Zimtstern"  # the list gives her the ORCID of somebody else


def doubtful(ws: Workspace, rows: int = ROWS) -> None:
    """Import the list; resolve, build and score what it says."""
    places = {row["id"]: row["name"] for row in ws.store.stream("institutions")}
    people = [row for row in ws.store.stream("people") if row["institution"]]
    listed = [(row["name"], places[row["institution"]], row["city"], row["country"], "") for row in people[:rows]]
    orcid = next(one for row in people for one in row["identifiers"] or () if one.startswith("orcid:"))
    listed.append((STRANGER, "Somewhere Else", "Oslo", "NO", split(orcid)[1]))
    file = Path(ws.path) / "board.csv"
    lines = ['"' + '","'.join(cell or "" for cell in row) + '"' for row in listed]
    file.write_text("\n".join(["Name,Affiliation,City,Country,ORCID", *lines, ""]), "utf-8")
    lists.take_in(ws, file, lists.Wish("Board"), "Mara Sand")
    for step in (jobs.resolve, jobs.build, jobs.score):
        step(ws)
