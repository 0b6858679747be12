"""What the product makes of a lead list, in one pass of `map` and one of `validate`: what the corpus is compared by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

import campaign
from campaign.adapters.mapping_file import parse_mapping
from campaign.assembly.proposal import suggest_mapping
from campaign.core.errors import CampaignError
from campaign.core.lifecycle import State
from campaign.ports import rows_by_reason

_NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)  # a Wednesday, when all countries of the corpus may be called
_COUNTED = {State.INVALID, State.SUPPRESSED, State.DUPLICATE}


@dataclass(frozen=True)
class Seen:
    """One list. `problems` has the code of each row that can't be sent, `error` is why nothing was read. As what is expected
    of a file, `form`, `export`, `sure` and `sheet` may be None: then they don't matter; of `error` a part is enough."""

    send: int = 0
    invalid: int = 0
    suppressed: int = 0
    duplicate: int = 0
    hidden: int = 0
    header: int = 1
    left_out: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)
    error: str = ""
    form: str | None = None
    sheet: str | None = None
    export: str | None = None
    sure: str | None = None

    def differences(self, expected: Seen) -> list[str]:
        """In which points this is not what was expected, one sentence each."""
        if self.error or expected.error:
            fits = bool(expected.error) and expected.error in self.error
            return [] if fits else [f"error: {self.error or 'none'}; expected: {expected.error or 'none'}"]
        return [
            f"{point.name}: {mine}; expected: {wanted}"
            for point in fields(self)
            if (mine := getattr(self, point.name)) != (wanted := getattr(expected, point.name)) and wanted is not None
        ]


def look(path: Path, home: Path) -> Seen:
    """What is made of the list with the mapping that is proposed for it. `home` is a workspace without campaigns."""
    try:
        mapped = suggest_mapping(path)
        proposal = mapped.proposal
        mapping = parse_mapping(proposal.yaml, "mapping.yaml", path.parent)
        found = campaign.validate(path, mapping, at=_NOON, home=home)
    except CampaignError as error:
        return Seen(error=f"{error.message} {error.cure}", header=0)
    assert found.total == found.sendable + sum(found.counts[state] for state in _COUNTED)
    problems: dict[int, str] = {}
    for problem in found.problems:
        problems.setdefault(problem.row, str(problem.code))
    return Seen(
        send=found.sendable,
        invalid=found.counts[State.INVALID],
        suppressed=found.counts[State.SUPPRESSED],
        duplicate=found.counts[State.DUPLICATE],
        hidden=found.hidden.count,
        header=mapped.header_row,
        left_out=rows_by_reason(found.skipped),
        problems=problems,
        form=mapped.form,
        sheet=found.sheet,
        export=proposal.export.template if proposal.export else "",
        sure=proposal.confidence,
    )
