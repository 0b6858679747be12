"""Whether the list or the mapping of a campaign was saved anew since: a campaign goes on with them as they were read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from campaign.core.record import CampaignRecord


def changed_since(record: CampaignRecord) -> tuple[str, ...]:
    """The names of those files that stand where they were and hold something else now. A file that is gone is no change."""
    changed = []
    if record.list_path and _sha256(Path(record.list_path)) not in (None, record.list_sha256):
        changed.append(record.list_name)
    if _text(Path(record.mapping_folder) / record.mapping_name) not in (None, record.mapping_text):
        changed.append(record.mapping_name)
    return tuple(changed)


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError:
        return None
    except UnicodeDecodeError:
        return ""
