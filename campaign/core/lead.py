"""A lead on its way: the row as the file has it, and the call request that the mapping makes of it.

These are made for every row, and go from process to process: named tuples, which cost a third of what frozen dataclasses do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from typing import NamedTuple

from campaign.core.cells.cell import Cell
from campaign.core.places.place import NOWHERE, Place

ROW_ID_FIELD = "lc_param_row_id"
"""The custom parameter that every call carries: it ties the vendor's reports and webhooks to a row."""


_TWO_FORMS = re.compile(r"\+(?:(54)9(\d{10})|(52)1(\d{10}))")
"""Mobile phones of Argentina and Mexico, which were dialled with and without a digit after the country code."""


class SourceRow(NamedTuple):
    """One row of a lead list. `number` is the row number that the person sees when the file is open.

    `hidden` tells that the file does not show it: it is hidden, or filtered out. `merged` are its cells that are covered by a
    merged range, of which only the first cell has the value: their place, counted from 0, and the range (`B2:B5`).
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False
    merged: tuple[tuple[int, str], ...] = ()


class Phone(NamedTuple):
    """A number that may be called: E.164, ISO 3166-1 region ("" where it has none), and the extension if one was given."""

    e164: str
    region: str
    extension: str = ""

    @property
    def digits(self) -> int:
        """The number as an integer: the compact form in which phones are compared, one for both forms of a mobile phone's
        number where a country has had two."""
        if self.e164.startswith("+5") and (found := _TWO_FORMS.fullmatch(self.e164)):
            return int("".join(filter(None, found.groups())))
        return int(self.e164[1:])


def shortened(number: str) -> str:
    """A number as logs may show it: enough to find it in the list, too little to call it."""
    return f"…{number[-4:]}" if len(number) > 6 else "…"


class CallRequest(NamedTuple):
    """What will be sent for a row: the vendor's fields without the keys and the row id, which sending adds.

    `numbers` are the person's numbers, the first being the one to call; the vendor may call both. `place` is where the
    row says that the person is: it is not sent, but calling hours go by it.
    """

    payload: MappingOf[str, str]
    numbers: tuple[Phone, ...]
    place: Place = NOWHERE

    @property
    def phone(self) -> Phone:
        """The first number."""
        return self.numbers[0]

    def without_second(self) -> CallRequest:
        """The same request without its second number."""
        payload = {name: value for name, value in self.payload.items() if name != "lc_number_2"}
        return CallRequest(payload, self.numbers[:1], self.place)
