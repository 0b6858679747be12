"""The sample lists, made anew: `python sample_data/make_sample_data.py` writes the same bytes on every run and machine.

Lists as people really have them: numbers written in a dozen ways, duplicates, opt-outs, and a tenth of the rows
wrong. Every number that looks right is of a range that no person has (reserved_numbers.py); people and firms are invented.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from reserved_numbers import BOSTON, FORMS, PREMIUM_RATE, RANGES, Number
from sample_rows import AGENTS, FIRMS, OBJECTOR, STRANGERS, TODAY, TRADES, Cells, Numbers, Row, Shaped, person, spoil

HERE = Path(__file__).resolve().parent

COUNTRIES = {
    "US": ("US", "US", "USA", "United States", ""),
    "CA": ("CA", "Canada", "CA"),
    "GB": ("GB", "UK", "United Kingdom", "UK"),
    "DE": ("DE", "Germany", "Deutschland"),
    "FR": ("FR", "France"),
    "AU": ("AU", "Australia"),
    "SE": ("SE", "Sweden"),
}
SHARES = {"US": 42, "GB": 16, "DE": 13, "CA": 10, "FR": 8, "AU": 7, "SE": 4}
CITIES = {
    "US": ("Boston", "Chicago", "Austin", "Seattle", "Miami"),
    "CA": ("Toronto", "Montréal", "Vancouver"),
    "GB": ("London", "Manchester", "Leeds", "Bristol"),
    "DE": ("Berlin", "Frankfurt am Main", "Köln", "München"),
    "FR": ("Paris", "Nantes", "Orléans", "Lyon"),
    "AU": ("Sydney", "Melbourne", "Brisbane"),
    "SE": ("Stockholm", "Göteborg", "Malmö"),
}
NOTES = (
    '=HYPERLINK("https://example.com","our offer")',
    "+1 colleague will join",
    "@reception: ask for the workshop",
    "-- met on day two --",
    'Said "maybe", then "yes"',
    "Prefers mornings, never Fridays",
    "Wants a demo 🚀",
    "Büro im 3. Stock",
)


# --- expo_leads.csv ---------------------------------------------------------------------------------------------------


def expo_rows() -> list[Row]:
    """500 leads of a trade fair, in the order of the file."""
    rng = random.Random(20260630)
    numbers = Numbers(rng, RANGES)
    rows = [_expo_lead(rng, numbers, n) for n in range(500)]
    plain = rng.sample(rows, len(rows))  # rows that nothing has been done to yet
    _expo_wrong(rng, numbers, plain)
    _expo_held_back(rng, plain)
    _expo_several_numbers(rng, numbers, plain)
    place = {id(row): n for n, row in enumerate(rows)}
    pairs = [sorted((plain.pop(), plain.pop()), key=lambda row: place[id(row)]) for _ in range(21)]
    for earlier, later in pairs[:14]:  # one person twice, the number written in another way
        _same_number(earlier, later)
    for earlier, later in pairs[14:19]:  # a second number that is an earlier lead's first: left out, the row is called
        later.cells["Mobile"] = earlier.number.written("e164")
    for earlier, later in pairs[19:]:  # a first number that is an earlier lead's second
        earlier.cells["Mobile"] = later.number.written("spaced")
        later.state = "duplicate"
    for _, note in zip(range(40), cycle(NOTES), strict=False):
        plain.pop().cells["Notes"] = note
    plain.pop().cells["Notes"] = "Call back\nafter the holidays"
    return rows


def _expo_lead(rng: random.Random, numbers: Numbers, n: int) -> Row:
    country = rng.choices(list(SHARES), list(SHARES.values()))[0]
    number = numbers.take(country)
    first, last, email = person(rng, n)
    agent = rng.choice(list(AGENTS)) if rng.random() < 0.2 else ""
    cells = {
        "First Name": first,
        "Last Name": last,
        "Company": f"{rng.choice(FIRMS.split())} {rng.choice(TRADES)}",
        "Phone": number.written(rng.choice(FORMS[country])),
        "Mobile": "",
        "Email": email,
        "Country": rng.choice(COUNTRIES[country]),
        "City": rng.choice(CITIES[country]),
        "Opt In": rng.choice(("yes", "yes", "Yes", "TRUE", "1")),
        "Do Not Call": rng.choice(("", "", "no")),
        "Owner": agent,
        "Owner Phone": AGENTS.get(agent, ""),
        "Budget": f"{rng.randrange(1, 90) * 250:06}",  # with leading zeros, as the booking system prints it
        "Notes": "",
    }
    return Row(number, cells)


def _expo_wrong(rng: random.Random, numbers: Numbers, plain: list[Row]) -> None:
    """A tenth of the rows, wrong in different ways."""

    def us(write: Callable[[Number], str], of: str = "US") -> Cells:
        return lambda: {"Country": "US", "City": "Boston", "Phone": write(numbers.take(of))}

    def gb(write: Callable[[], str]) -> Cells:
        return lambda: {"Country": "UK", "City": "London", "Phone": write()}

    premium = iter(rng.sample(list(PREMIUM_RATE.numbers()), 3))
    kinds: list[tuple[int, str, Cells]] = [
        (4, "phone.letters", us(lambda number: re.sub("01(?=..$)", "O1", number.written("dashes")))),
        (4, "phone.letters", us(lambda number: f"{number.written('brackets')} home")),
        (6, "phone.invalid", us(lambda number: number.rest.replace(" ", "-"))),  # the area code is missing
        (6, "phone.invalid", us(lambda number: number.e164[1:], of="GB")),  # the + is lost
        (4, "phone.precision_lost", gb(lambda: "4.42079E+11")),
        (4, "phone.looks_like_date", gb(lambda: rng.choice(("2026-05-17", "17.05.2026", "5/17/2026")))),
        (5, "phone.decimal", us(lambda number: f"{number.e164}.0")),
        (3, "phone.type_not_called", gb(lambda: next(premium).written("national"))),
        (2, "cell.error", lambda: {"Phone": "#N/A"}),
        (6, "required", lambda: {"Phone": rng.choice(("", " "))}),
        (3, "country.unknown", lambda: {"Country": rng.choice(("Atlantis", "Nordics", "?"))}),
        (2, "agent.incomplete", lambda: {"Owner": "Dana Whitfield", "Owner Phone": ""}),
        # A comma without quotes around its cell:
        (1, "row.ragged", lambda: {"Notes": "Send the brochure"}),
    ]
    ragged = plain[-sum(count for count, _, _ in kinds)]
    spoil(plain, kinds, "invalid")
    ragged.more = (" then call",)
    # These are called all the same, without the e-mail.
    emails = cycle(("no e-mail", "amelia@", "bram@example,com"))
    spoil(plain, [(6, "", lambda: {"Email": next(emails)})], "pending")


def _expo_held_back(rng: random.Random, plain: list[Row]) -> None:
    """People who must not be called: opt-outs, missing consent, and those on the do-not-call list."""
    kinds: list[tuple[int, str, Cells]] = [
        (12, "", lambda: {"Do Not Call": rng.choice(("yes", "Yes", "x"))}),
        (14, "", lambda: {"Opt In": rng.choice(("no", "No"))}),
        (10, "", lambda: {"Opt In": ""}),
    ]
    spoil(plain, kinds, "suppressed")
    for _ in range(6):
        row = plain.pop()
        row.state, row.objects = "suppressed", True
    for number in rng.sample(list(OBJECTOR.numbers()), 4):
        row = plain.pop()
        row.number, row.state = number, "suppressed"
        row.cells |= {"Company": "Mainblick Versand", "Country": "Germany", "City": "Frankfurt am Main"}
        row.cells["Phone"] = number.written("national")


def _expo_several_numbers(rng: random.Random, numbers: Numbers, plain: list[Row]) -> None:
    """Second numbers, and two numbers in one cell."""
    for _ in range(90):
        row = plain.pop()
        country = row.number.country
        row.cells["Mobile"] = numbers.take(country).written(rng.choice(FORMS[country]))
    for between in ("; ", " / ", " or ", "; "):
        row = plain.pop()
        row.cells["Phone"] = row.number.written("spaced") + between + numbers.take(row.number.country).written("spaced")


def _same_number(called: Row, other: Row) -> None:
    spaced = called.number.written("spaced")
    other.cells["Phone"] = called.number.e164 if called.cells["Phone"] == spaced else spaced
    other.cells |= {name: called.cells[name] for name in ("Country", "City")}
    other.number, other.state = called.number, "duplicate"


def expo_csv(rows: list[Row]) -> bytes:
    """The list as a spreadsheet saves it: UTF-8 with a mark in front; a blank row in the middle and at the end."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0].cells)
    for n, row in enumerate(rows):
        if n == len(rows) // 2:
            writer.writerow([""] * len(row.cells))
        writer.writerow((*row.cells.values(), *row.more))
    return ("\ufeff" + out.getvalue() + "\r\n").encode()


# --- clinic_leads.xlsx ------------------------------------------------------------------------------------------------

CLINIC_TITLE = "Quillmere Dental Clinic - patients due for a check-up, 30 June 2026"


def clinic_rows() -> list[Row]:
    """200 patients of a clinic, in the order of the file: by last visit."""
    rng = random.Random(20260701)
    numbers = Numbers(rng, (*BOSTON, *(block for block in RANGES if block.country == "GB")))
    rows = [_clinic_lead(rng, numbers, n) for n in range(200)]
    plain = rng.sample(rows, len(rows))
    _clinic_wrong(numbers, plain)
    kinds: list[tuple[int, str, Cells]] = [
        (9, "", lambda: {"May We Call": False}),
        (5, "", lambda: {"May We Call": None}),
        (4, "", lambda: {"Status": rng.choice(("deceased", "Moved away"))}),
    ]
    spoil(plain, kinds, "suppressed")
    for _ in range(4):
        row = plain.pop()
        row.state, row.objects = "suppressed", True
    place = {id(row): n for n, row in enumerate(rows)}
    for _ in range(5):  # a family with one phone: the mapping has its last visit called
        earlier, later = sorted((plain.pop(), plain.pop()), key=lambda row: place[id(row)])
        earlier.number, earlier.state = later.number, "duplicate"
        earlier.cells |= {"Phone": later.number.written("brackets"), "Last Name": later.cells["Last Name"]}
    for _ in range(30):
        plain.pop().cells["Second Phone"] = _workbook_phone(rng, numbers.take("US"))
    for comment in ("#N/A", "=SUM(1,2) is what she wrote", "Left a message\ntwice", "Prefers Zoë 🦷"):
        plain.pop().cells["Comment"] = comment
    return rows


def _workbook_phone(rng: random.Random, number: Number) -> Any:
    """A US number as workbooks hold it: mostly as a real number, often with a number format."""
    home, whole = int(number.e164[2:]), int(number.e164[1:])
    numeric = (home, home, whole, Shaped(home, "(000) 000-0000"), Shaped(whole, '"+"0'))
    return rng.choice((*numeric, *(number.written(form) for form in ("dashes", "brackets", "spaced", "no-break"))))


def _clinic_lead(rng: random.Random, numbers: Numbers, n: int) -> Row:
    number = numbers.take("GB" if n % 50 == 25 else "US")
    first, last, email = person(rng, n)
    visited = TODAY - timedelta(days=760 - 3 * n)
    cells = {
        "Patient No": f"P-{4000 + n:05}",
        "First Name": first,
        "Last Name": last,
        "Phone": _workbook_phone(rng, number) if number.country == "US" else number.written("spaced"),
        "Second Phone": None,
        "E-mail": email,
        "ZIP": Shaped(rng.randrange(2101, 2138), "00000"),
        "Last Visit": Shaped(visited, "MM/DD/YYYY"),
        "May We Call": True,
        "Status": rng.choice(("active", "active", "new")),
        "Comment": None,
    }
    return Row(number, cells)


def _clinic_wrong(numbers: Numbers, plain: list[Row]) -> None:
    """A tenth of the rows, wrong in the ways of workbooks."""

    def phone(write: Callable[[], Any]) -> Cells:
        return lambda: {"Phone": write()}

    def digits(country: str = "US") -> str:
        return numbers.take(country).e164[1:]

    kinds: list[tuple[int, str, Cells]] = [
        (2, "cell.error", phone(lambda: "#N/A")),
        (2, "phone.looks_like_date", phone(lambda: Shaped(date(2026, 5, 17), "MM/DD/YYYY"))),
        (2, "phone.precision_lost", phone(lambda: float(digits() + digits()))),  # two numbers in one numeric cell
        (1, "phone.decimal", phone(lambda: int(digits()) / 100)),
        (2, "phone.letters", phone(lambda: f"{numbers.take('US').written('dashes')} (wife)")),
        (2, "phone.invalid", phone(lambda: int(digits()[4:]))),  # the area code is missing
        (2, "phone.invalid", phone(lambda: int(digits("GB")))),  # the + is lost
        (2, "phone.unreadable", phone(lambda: "ask at the desk")),
        (2, "required", phone(lambda: None)),
        (2, "email.invalid", lambda: {"E-mail": "none given"}),
        (1, "text.pattern", lambda: {"ZIP": "0213"}),
    ]
    spoil(plain, kinds, "invalid")


def clinic_xlsx(rows: list[Row]) -> bytes:
    """The workbook: a title line, the header in row 3, the patients; and a second sheet that holds no leads."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Leads"
    sheet["A1"] = CLINIC_TITLE
    sheet["A1"].font = Font(bold=True, size=14)
    for column, name in enumerate(rows[0].cells, 1):
        cell = sheet.cell(3, column, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E78")
        sheet.column_dimensions[get_column_letter(column)].width = 18
    for row_number, row in enumerate(rows, 4):
        for column, given in enumerate(row.cells.values(), 1):
            value, shape = (given.value, given.format) if isinstance(given, Shaped) else (given, None)
            cell = sheet.cell(row_number, column, value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"  # what a person wrote, not a formula
            if shape is not None:
                cell.number_format = shape
    sheet.freeze_panes = "A4"
    readme = book.create_sheet("Readme")
    for line in ("Exported from the appointment book.", "Numbers without a country code are American."):
        readme.append([line])
    book.properties.creator = "Quillmere Dental Clinic"
    saved = io.BytesIO()
    book.save(saved)
    return _same_bytes(saved)


def _same_bytes(saved: io.BytesIO) -> bytes:
    """The workbook without what differs between runs and machines: times, compression, spelling of the XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            xml = canonicalize(given.read(name).decode())
            entry = zipfile.ZipInfo(name, (TODAY.year, TODAY.month, TODAY.day, 12, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            kept.writestr(entry, re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z(?=</dcterms:)", f"{TODAY}T12:00:00Z", xml))
    return out.getvalue()


# --- do_not_call.csv --------------------------------------------------------------------------------------------------


def do_not_call_csv(rows: list[Row]) -> bytes:
    """People of both lists who objected, some of neither, and the beginning of a firm's numbers."""
    spelled = cycle(("e164", "spaced", "tel", "no-break", "00"))
    spelled_us = cycle(("national", "digits", "brackets", "dots", "e164"))
    objecting = [row.number for row in rows if row.objects]
    listed = [number.written(next(spelled_us if number.country == "US" else spelled)) for number in objecting]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Number", "Since", "Reason"))
    for n, number in enumerate((*listed, *STRANGERS)):
        writer.writerow((number, TODAY - timedelta(days=17 * n + 3), "asked by phone" if n % 3 else "asked by e-mail"))
    writer.writerow((f"+{OBJECTOR.code}{OBJECTOR.area}9000991*", TODAY, "all lines of Mainblick Versand"))
    return out.getvalue().encode()


def files() -> dict[str, bytes]:
    """Name and content of every file that is made here."""
    expo, clinic = expo_rows(), clinic_rows()
    return {
        "expo_leads.csv": expo_csv(expo),
        "clinic_leads.xlsx": clinic_xlsx(clinic),
        "do_not_call.csv": do_not_call_csv(expo + clinic),
    }


if __name__ == "__main__":
    for file_name, content in files().items():
        (HERE / file_name).write_bytes(content)
