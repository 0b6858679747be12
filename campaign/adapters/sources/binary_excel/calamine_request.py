"""What the process that reads a .xls or .xlsb is asked for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from campaign.core.limits import Limits


@dataclass(frozen=True, slots=True)
class Request:
    """A file, the sheet that the person named, and the bounds."""

    path: Path
    sheet: str | None
    limits: Limits

    def dump(self) -> str:
        """As an argument of a command."""
        return json.dumps({"path": str(self.path), "sheet": self.sheet, "limits": asdict(self.limits)})

    @classmethod
    def load(cls, text: str) -> Request:
        """The request that `dump` wrote."""
        given: dict[str, Any] = json.loads(text)
        return cls(Path(given["path"]), given["sheet"], Limits(**given["limits"]))
