"""The two keys of a widget. They never stand in a mapping, a journal, a log or a result."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """The widget's key and the widget's API key. Their `repr` shows neither."""

    widget_key: str = field(repr=False)
    api_key: str = field(repr=False)

    def fingerprint(self) -> str:
        """Tells whether two campaigns used the same widget, without telling the key."""
        return hashlib.sha256(f"campaign widget {self.widget_key}".encode()).hexdigest()[:16]
