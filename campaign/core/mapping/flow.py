"""A part of the mapping as one line of YAML, to be shown to a person who may copy it."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf

# Words that need no quotes inside braces, and that no reader of YAML takes for anything but text.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ ./-][A-Za-z0-9_]+)*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def flow(value: object) -> str:
    """The value in YAML's flow style: `{column: [Mobile, Home], restore: "+"}`."""
    if isinstance(value, MappingOf):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        items = [flow(item) for item in value]
        return items[0] if len(items) == 1 else f"[{', '.join(items)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return str(value)
    if isinstance(value, str):
        return f'"{"".join(map(_sign, value))}"'
    return "null" if value is None else str(value)


def _sign(sign: str) -> str:
    """A sign between double quotes; one that nobody sees as its number."""
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"
