"""Open Payments: what manufacturers paid to physicians, hospitals and for research in the United States.

Disclosure, never an input of a score. A file under the name that CMS gives it (OP_DTL_RSRCH_PGYR2014_P06302016.csv) is
a program year as a whole: it replaces what earlier publications said of that year. Any other file, or one that somebody
trimmed, is an extract: it adds. Ownership interests are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page
from kolgraph.loading.table import Cells, Found, Parse, Table, table_pages

from .openpayments_query import plan, query_pages
from .openpayments_record import AMOUNT, COLUMNS, NATURE, PROFILES, STUDY, group, parse_payment, parse_physician

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 2000
_PUBLISHED = re.compile(r"op_dtl_(gnrl|rsrch)_pgyr(\d{4})_p(\d{2})(\d{2})(\d{4})", re.I)
_KINDS = {"gnrl": "general", "rsrch": "research"}


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if not ask.file:
        if not ask.query:
            raise UsageError(
                "what to load from Open Payments? Give a file or a query: research 2023 recipient_state=IA"
            )
        yield from query_pages(ask, client, cursor)
        return
    tables: list[Table] = []

    def parser(table: Table) -> Parse:
        tables.append(table)
        return _parser(table)

    for page in table_pages(ask.file, _is_payments, _allowed, parser, cursor, PAGE):
        if whole := _PUBLISHED.search(tables[-1].name):
            kind, year, month, day, published = whole.groups()
            page = replace(page, replaces=(group(_KINDS[kind.lower()], year),), mark=f"{published}-{month}-{day}")
        yield page


def _is_payments(name: str) -> bool:
    return name.startswith(("op_dtl_gnrl", "op_dtl_rsrch"))


def _allowed(column: str) -> str:
    # of general and research files since 2016: Covered_Recipient_Physician_Profile_ID, later without Physician
    plain = column.lower().replace("covered_recipient_physician_", "covered_recipient_")
    return plain if plain in COLUMNS else ""


def _parser(table: Table) -> Parse:
    has = set(table.columns)
    kinds = [kind for kind, column in (("general", NATURE), ("research", STUDY)) if column in has]
    if {"record_id", AMOUNT} <= has and len(kinds) == 1:
        kind = kinds[0]

        def payment(cells: Cells, found: Found) -> None:
            found.records.append(parse_payment(cells, kind, "", found.unknown))

        return payment
    if has & set(PROFILES) and "record_id" not in has and any(one.endswith("_last_name") for one in has):

        def physician(cells: Cells, found: Found) -> None:
            found.records.append(parse_physician(cells, found.unknown))

        return physician
    raise InputError(
        f"{table.name} holds neither payments (Record_ID, Total_Amount_of_Payment_USDollars and the nature of the"
        " payment or the name of the study) nor physicians (profile id and name) of Open Payments"
    )


LOADER = Loader(
    name="openpayments",
    title="Open Payments",
    home="https://openpaymentsdata.cms.gov/",
    licence="public",
    yields=("payments", "practitioners"),
    version="1",
    pages=pages,
    hosts=("openpaymentsdata.cms.gov",),
    plan=plan,
)
