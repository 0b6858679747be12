"""The signs of other scripts and keyboards, folded to the ASCII digits, spaces and dashes that they stand for."""

from __future__ import annotations

import unicodedata

_MINUS_AND_DOTS = {0x2212: "-", 0x2043: "-", 0x00B7: ".", 0x2024: ".", 0x060C: ",", 0x061B: ";", 0x3001: ","}
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class _Folds(dict[int, str]):
    """A table for `str.translate` that works out a sign when it is first met. Unicode bounds it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_sign(code)
        return folded


def _fold_sign(code: int) -> str:
    sign = chr(code)
    if code < 0x80 and sign >= " ":
        return sign
    if sign in _BREAKS:
        return "\n"
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    if code in _MINUS_AND_DOTS:
        return _MINUS_AND_DOTS[code]
    match unicodedata.category(sign):
        case "Nd":
            # Decimal digits only: a superscript 2 has the value 2 too, but is a footnote, not part of a number.
            return str(unicodedata.decimal(sign))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Cf":
            return ""
        case _:
            return " " if sign == "\t" else sign


_FOLDS = _Folds()


def digits_in(text: str) -> str:
    """The decimal digits of `text`, of whatever script, and nothing else of it."""
    return "".join(sign for sign in text if sign.isdecimal())


def fold(text: str) -> str:
    """`text` with full-width and other scripts' digits, dashes and spaces in ASCII, and without invisible signs."""
    return text if text.isascii() and text.isprintable() else text.translate(_FOLDS)
