"""Text of a CSV file that a spreadsheet program would run as a formula, made harmless, and back.

Excel and its like run a CSV cell that begins with `= + - @`, a tab or a carriage return
(https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it makes it text. Numbers and phone
numbers are exempt: `+49 30 23125 000` and `-5` name no function and no cell, so they can do no harm, and with an
apostrophe they would not come back as they were when the person corrects the file and reruns it.

Text that begins with apostrophes already gets one more, so `unguarded` always gives back what `guarded` was given.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?%?", re.IGNORECASE | re.ASCII)
_PHONE = re.compile(r"\+[\d ().\-/]*\d[\d ().\-/]*", re.ASCII)
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """`text` as it may stand in a CSV cell."""
    return f"'{text}" if _runs(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` made `text` of."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def _runs(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_SIGNS) and not (_NUMBER.fullmatch(bare) or _PHONE.fullmatch(bare))
