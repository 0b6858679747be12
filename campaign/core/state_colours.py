"""The colours of the states, one for workbooks and pages, so that a person learns them once."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.core.lifecycle import State


@dataclass(frozen=True, slots=True)
class Colour:
    """RGB in hex: the `fill` behind a state, the `ink` of its text, and the stronger `bar` for charts."""

    fill: str
    ink: str
    bar: str


_GREEN = Colour("D8F0DD", "1B5E2B", "3A9D57")
_BLUE = Colour("DCE9F8", "1F4B82", "4A86C8")
_ORANGE = Colour("FDE6CF", "8A4500", "E58A32")
_PURPLE = Colour("E9DCF5", "5B2A86", "8D5BBF")
_RED = Colour("FBD9D7", "8E1B16", "D14A42")
_CRIMSON = Colour("F6CFDD", "861043", "B93A72")
_GREY = Colour("E8EAED", "4A4F57", "9AA0A8")
_SLATE = Colour("D9E0E6", "33475B", "6B7F93")
_SAND = Colour("FFF3CC", "6E5600", "D9B13B")
_TEAL = Colour("D3EEEC", "0F5752", "36A39A")
_PALE = Colour("F3F4F6", "6B7280", "C3C8CF")

COLOURS: dict[State, Colour] = {
    State.ACCEPTED: _GREEN,
    State.PENDING: _BLUE,
    State.DEFERRED: _TEAL,
    State.SENDING: _SAND,
    State.FAILED: _ORANGE,
    State.UNKNOWN: _PURPLE,
    State.INVALID: _RED,
    State.REJECTED: _CRIMSON,
    State.DUPLICATE: _GREY,
    State.SUPPRESSED: _SLATE,
    State.CANCELLED: _PALE,
}
