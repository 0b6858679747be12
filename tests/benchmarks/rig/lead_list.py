"""Lead lists as large as a benchmark needs, with their mapping and the payloads that come of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HEADER = ("First Name", "Last Name", "Company", "Phone", "Mobile", "Email", "City", "Country", "Notes")
KEYS = {"BRIGHTCALL_WIDGET_KEY": "bench-widget", "BRIGHTCALL_API_KEY": "bench-api"}

MAPPING = """\
version: 1
fields:
  lc_number: Phone
  lc_number_2: {column: Mobile, on_invalid: drop}
  country: {column: Country, default: US}
  lc_param_name: {template: "{First Name} {Last Name}"}
  lc_param_email: {column: Email, type: email, on_invalid: drop}
  lc_param_company: Company
  lc_param_city: City
  lc_param_message: {column: Notes, max_length: 200, on_invalid: drop}
policy:
  recontact_after: 30d
  skip_when: [{column: Notes, equals: ["do not call"]}]
  calling_window: {hours: "0-24", days: mon-sun}
delivery:
  rate: 1000000/s
  concurrency: 50
"""
"""Asks for every check at sending, and holds no row back at any hour. The rate is what `no limit` is in a mapping."""

CONCURRENCY = 50


@cache
def _areas() -> list[int]:
    """The area codes of North America."""
    import phonenumbers

    every = (phonenumbers.parse(f"+1{area}5550100") for area in range(201, 990))
    return [int(str(number.national_number)[:3]) for number in every if phonenumbers.is_valid_number(number)]


def phone(n: int) -> str:
    """A number of its own for every `n` below four million: of exchange 555, which people have in films only."""
    area, line = divmod(n, 10_000)
    return f"({_areas()[area]}) 555-{line:04}"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """The leads of a list; every fourth has a second number."""
    for n in range(count):
        mobile = phone(2_000_000 + n) if n % 4 == 0 else ""
        name = f"Lead{n}"
        yield (
            name,
            f"Of Row {n + 2}",
            f"Company {n % 997} & Sons",
            phone(n),
            mobile,
            f"{name.lower()}@example.com",
            f"City {n % 313}",
            "US",
            f"Asked about the larger one, {n % 89} pieces",
        )


def write_csv(path: Path, count: int) -> Path:
    """The list as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))
    return path


def write_xlsx(path: Path, count: int) -> Path:
    """The list as a workbook."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Leads")
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    book.save(path)
    return path


def write_mapping(path: Path) -> Path:
    """The mapping of the list."""
    path.write_text(MAPPING, encoding="utf-8")
    return path


def payloads(count: int) -> Iterator[dict[str, str]]:
    """What is sent for each row, keys and row id included."""
    for n, (first, last, company, _, _, email, city, country, notes) in enumerate(rows(count)):
        second = {"lc_number_2": _e164(2_000_000 + n)} if n % 4 == 0 else {}
        yield {
            "widget_key": KEYS["BRIGHTCALL_WIDGET_KEY"],
            "api_key": KEYS["BRIGHTCALL_API_KEY"],
            "lc_number": _e164(n),
            **second,
            "country": country,
            "lc_param_name": f"{first} {last}",
            "lc_param_email": email,
            "lc_param_company": company,
            "lc_param_city": city,
            "lc_param_message": notes,
            "lc_param_row_id": f"bench-{n:012}",
        }


def write_payloads(path: Path, count: int) -> Path:
    """The payloads, one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(payload, ensure_ascii=False) + "\n" for payload in payloads(count))
    return path


def payload_fields() -> tuple[str, ...]:
    """The names of all fields that a payload may have."""
    return tuple(next(payloads(1)))


def write_payloads_csv(path: Path, count: int) -> Path:
    """The payloads as CSV, for programs that send every column of a row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, payload_fields(), restval="")
        writer.writeheader()
        writer.writerows(payloads(count))
    return path


def _e164(n: int) -> str:
    area, line = divmod(n, 10_000)
    return f"+1{_areas()[area]}555{line:04}"
