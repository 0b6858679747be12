"""The e-mail address in a cell, checked for its form. Nothing is asked of any server."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from campaign.core.cells.cell import INVISIBLE, Cell, CellFault, shown, text
from campaign.core.problem import OR_BLANK, Code, Problem

# An ordinary address needs no library: what these two patterns take, email-validator takes as well, and a test says so.
_ORDINARY = re.compile(
    r"(?P<local>[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9]{1,63}(?:-[A-Za-z0-9]{1,30})?\.){1,4}[A-Za-z]{2,20})"
)
_RESERVED = ("arpa", "invalid", "local", "localhost", "onion", "test")
_MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_SEVERAL = re.compile(r"@[^@\s]+[\s;,/|]+[^@\s]+@")


@dataclass(frozen=True, slots=True)
class EmailReader:
    """Compiled once for a field, run for every row. `field` and `column` are for the problems."""

    field: str
    column: str

    def read(self, cell: Cell) -> tuple[str, Problem | None]:
        """The address with its domain in lower case, "" for a blank cell; or "" and what is wrong."""
        if isinstance(cell, CellFault):
            message = "the cell holds a spreadsheet error or a formula without a result"
            cure = "Correct it, or write the address."
            return "", Problem(Code.CELL_ERROR, self.field, self.column, shown(cell), message, cure)
        address = _bare(text(cell))
        if not address:
            return "", None
        if len(address) <= 100 and (match := _ORDINARY.fullmatch(address)):
            local, domain = match["local"], match["domain"].lower()
            if domain[domain.rindex(".") + 1 :] not in _RESERVED:
                return f"{local}@{domain}", None
        if _SEVERAL.search(address):
            return "", self._problem(cell, "more than one e-mail address", "Keep one address in the cell.")
        return self._checked(cell, address)

    def _checked(self, cell: Cell, address: str) -> tuple[str, Problem | None]:
        # Slow to import, and most lists need it for few of their rows, or none.
        from email_validator import EmailNotValidError, validate_email

        try:
            # Names under .test are let through: people try a campaign out with them before they send it.
            found = validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            reason = str(error).rstrip(".")
            message, cure = f"not an e-mail address ({reason})", f"Correct the address{OR_BLANK}."
            return "", self._problem(cell, message, cure)
        # The library writes the local part of info@ and its like in lower case; mail servers may tell them apart.
        local = unicodedata.normalize("NFC", address.rpartition("@")[0])
        return f"{local}@{found.domain}", None

    def _problem(self, cell: Cell, message: str, cure: str) -> Problem:
        return Problem(Code.EMAIL_INVALID, self.field, self.column, shown(cell), message, cure)


def _bare(address: str) -> str:
    """The address without invisible signs, and without a `mailto:` and angle brackets around it."""
    if not address.isascii():
        address = address.translate(_UNSEEN)
    if address.startswith("<") and address.endswith(">"):
        address = address[1:-1]
    if ":" in address and (prefix := _MAILTO.match(address)):
        address = address[prefix.end() :]
    return address.strip()
