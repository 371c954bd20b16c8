"""Empty lists to fill in: the header of each kind as CSV, or as a workbook with a sheet that explains the columns."""

import csv
import io

import xlsxwriter

from kolgraph.lists.fields import REQUIRED, TITLES
from kolgraph.lists.wish import Wish, checked

_PERSON = ("last", "first", "orcid", "npi", "institution", "city", "country")
COLUMNS = {
    "people": (*_PERSON, "specialty", "tier"),
    "affiliations": ("last", "first", "orcid", "institution", "city", "country", "role", "date"),
    "events": ("last", "first", "orcid", "institution", "event", "date", "role"),
    "nominations": (*_PERSON[:5], "by", "by_orcid", "by_institution"),
}
ABOUT = {
    "people": "One person in each row.",
    "affiliations": "Where a person works: one person and one institution in each row; Date is since when.",
    "events": "Who took part in a congress or meeting: one person and one event in each row.",
    "nominations": "Peer nominations: who was named, and by whom, in each row.",
}
HELP = {
    "last": ("Beispiel", "or the whole name in one column called Whole name: “Dr. Anna Beispiel, MD” is taken apart"),
    "first": ("Anna", "as written on papers; initials will do"),
    "orcid": ("0000-0002-1825-0097", "ties the row to the person's papers for sure; the check digit is checked"),
    "npi": ("1234567893", "ten digits, United States"),
    "institution": ("University Hospital of Nowhere", "as its own name"),
    "city": ("Nowhere", ""),
    "country": ("Germany", "English name or two-letter code"),
    "specialty": ("Neurology", ""),
    "tier": ("national", "your own judgement: national, regional, local, rising"),
    "event": ("Nowhere Congress of Medicine 2026", ""),
    "date": ("2026-03-31", "2026, 2026-03 or 2026-03-31"),
    "role": ("speaker", "speaker, chair, author, head of department …"),
    "by": ("Berta Muster", "whole name of the person who named them"),
    "by_orcid": ("0000-0001-5109-3700", ""),
    "by_institution": ("Clinic of Elsewhere", ""),
}
NEVER = "Never here: gender, age, prescribing or claims, anything about patients, e-mail addresses, free notes."


def template_csv(kind: str) -> bytes:
    """The header alone, in UTF-8 with the mark by which Excel knows it."""
    checked(Wish("template", kind))
    text = io.StringIO(newline="")
    csv.writer(text).writerow([TITLES[field] for field in COLUMNS[kind]])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def template_xlsx(kind: str) -> bytes:
    """The header in a sheet of its own; the second sheet, Help, is not read on import."""
    checked(Wish("template", kind))
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})  # identifiers and dates stay as they are typed
    sheet = book.add_worksheet(kind)
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet("Help")
    notes.set_column(0, 1, 32, wrap)
    notes.set_column(2, 2, 80, wrap)
    for row, words in enumerate((ABOUT[kind], NEVER)):
        notes.write_string(row, 0, words)
    for place, head in enumerate(("Column", "Example", "What it is")):
        notes.write_string(3, place, head, bold)
    for place, field in enumerate(COLUMNS[kind]):
        sheet.set_column(place, place, 24, text)
        sheet.write_string(0, place, TITLES[field], bold)
        example, words = HELP[field]
        must = field in REQUIRED[kind] or (field == "last" and "name" in REQUIRED[kind])
        for column, cell in enumerate((TITLES[field] + (" (required)" if must else ""), example, words)):
            notes.write_string(4 + place, column, cell)
    book.close()
    return file.getvalue()
