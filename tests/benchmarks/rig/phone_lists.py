"""Lead lists for the benchmarks: as many rows as wanted, numbers that are valid in the countries wanted, each written in one
of the ways in which people write it. They are made anew on each machine, never called and never kept."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

TEN_COUNTRIES = ("US", "GB", "DE", "FR", "ES", "IT", "CA", "AU", "BR", "IN")
ALL_REGIONS = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
MAPPING = """\
version: 1
fields:
  lc_number: Phone
  country: Country
  lc_param_name: {template: "{First Name} {Last Name}"}
  lc_param_email: {column: Email, type: email, on_invalid: drop}
  lc_param_city: City
  lc_param_company: Company
"""
"""The mapping for them: nothing in it speeds anything up, and all rules of policy are those that hold by themselves."""

_HEADER = ("First Name", "Last Name", "Phone", "Country", "Email", "City", "Company")
_FORMS = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
_DRAWN = 6  # last digits that are drawn anew; those before them make a number one of its country and kind


def write_list(path: Path, regions: Sequence[str], rows: int) -> None:
    """Write a CSV list of so many rows, the regions in turns. The same on every machine and run."""
    phonenumbers.enable_pattern_cache()
    draw = random.Random(20261125)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for n, region in enumerate(islice(cycle(regions), rows)):
            phone = phonenumbers.format_number(_number(region, draw), draw.choice(_FORMS))
            name = f"Ana{n % 997}", f"Berg {n % 1009}"
            writer.writerow([*name, phone, region, f"ana.{n}@example.com", f"City {n % 211}", f"Firm {n % 5003}"])


def _number(region: str, draw: random.Random) -> PhoneNumber:
    """A valid number of the region, a landline or a mobile phone."""
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    examples = [found for kind in kinds if (found := phonenumbers.example_number_for_type(region, kind)) is not None]
    while True:
        example = draw.choice(examples)
        digits = phonenumbers.national_significant_number(example)
        kept = digits[: max(len(digits) - _DRAWN, 3)]
        drawn = "".join(draw.choices("0123456789", k=len(digits) - len(kept)))
        number = phonenumbers.parse(f"+{example.country_code}{kept}{drawn}")
        if phonenumbers.is_valid_number(number):
            return number
