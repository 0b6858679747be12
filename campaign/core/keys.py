"""The two keys of a widget. They never stand in a mapping, a journal, a log or a result."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

_REDACTED = b"[key]"


@dataclass(frozen=True, slots=True)
class Keys:
    """The widget's key and the widget's API key. Their `repr` shows neither."""

    widget_key: str = field(repr=False)
    api_key: str = field(repr=False)

    def fingerprint(self) -> str:
        """Tells whether two campaigns used the same widget, without telling the key."""
        return hashlib.sha256(f"campaign widget {self.widget_key}".encode()).hexdigest()[:16]


class Redaction:
    """Takes keys out of what an endpoint said, in every form in which it may repeat them."""

    def __init__(self, *keys: str) -> None:
        forms: dict[bytes, None] = {}
        for key in keys:
            in_json = json.dumps(key)[1:-1]
            for form in (key, in_json, in_json.replace("/", "\\/"), quote(key, safe=""), escape(key)):
                forms[form.encode()] = None
        self._forms = tuple(forms)

    def of(self, said: bytes) -> bytes:
        """What was said, without the keys."""
        for form in self._forms:
            said = said.replace(form, _REDACTED)
        return said
