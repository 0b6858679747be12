"""A part of the mapping as one line of YAML, to be shown to a person who may copy it."""

from __future__ import annotations

import json
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
    return json.dumps(value, ensure_ascii=False)
