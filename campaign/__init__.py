"""Bulk call campaigns: a lead list and a column mapping in, Brightcall calls out, a result back.

The Python API. A pandas DataFrame is as good a source as a file:

    import campaign

    proposal = campaign.suggest_mapping(frame)          # proposal.yaml, to be looked at and kept as mapping.yaml
    mapping = campaign.load_mapping("mapping.yaml")
    report = campaign.validate(frame, mapping)
    outcome = campaign.run(frame, mapping, keys=campaign.Keys("widget key", "API key"))
    rows = campaign.results(outcome.campaign)          # a DataFrame
    campaign.report(outcome.campaign, "report.html")   # a page to show
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campaign.api import (
        campaigns,
        forget,
        load_mapping,
        reconcile,
        report,
        rerun,
        results,
        resume,
        run,
        suggest_mapping,
        suppress_numbers,
        suppressed,
        validate,
    )
    from campaign.core.errors import (
        CampaignError,
        CampaignHalted,
        KeysError,
        MappingError,
        OutputError,
        ReportError,
        SourceError,
        SuppressionError,
        UsageError,
        WorkspaceError,
    )
    from campaign.core.keys import Keys
    from campaign.core.lifecycle import State
    from campaign.core.mapping.loaded import LoadedMapping
    from campaign.core.problem import Problem
    from campaign.core.proposal.proposal import Proposal
    from campaign.core.record import CampaignSummary
    from campaign.core.run import RunResult
    from campaign.usecases.validate import Validation

__all__ = [
    "CampaignError",
    "CampaignHalted",
    "CampaignSummary",
    "Keys",
    "KeysError",
    "LoadedMapping",
    "MappingError",
    "OutputError",
    "Problem",
    "Proposal",
    "ReportError",
    "RunResult",
    "SourceError",
    "State",
    "SuppressionError",
    "UsageError",
    "Validation",
    "WorkspaceError",
    "campaigns",
    "forget",
    "load_mapping",
    "reconcile",
    "report",
    "rerun",
    "results",
    "resume",
    "run",
    "suggest_mapping",
    "suppress_numbers",
    "suppressed",
    "validate",
]

_HOMES = {
    "campaigns": "campaign.api",
    "forget": "campaign.api",
    "load_mapping": "campaign.api",
    "reconcile": "campaign.api",
    "report": "campaign.api",
    "rerun": "campaign.api",
    "results": "campaign.api",
    "resume": "campaign.api",
    "run": "campaign.api",
    "suggest_mapping": "campaign.api",
    "suppress_numbers": "campaign.api",
    "suppressed": "campaign.api",
    "validate": "campaign.api",
    "CampaignSummary": "campaign.core.record",
    "RunResult": "campaign.core.run",
    "Keys": "campaign.core.keys",
    "State": "campaign.core.lifecycle",
    "LoadedMapping": "campaign.core.mapping.loaded",
    "Problem": "campaign.core.problem",
    "Proposal": "campaign.core.proposal.proposal",
    "Validation": "campaign.usecases.validate",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line must not wait for all of them."""
    if name not in __all__:
        raise AttributeError(f"module 'campaign' has no attribute '{name}'")
    return getattr(import_module(_HOMES.get(name, "campaign.core.errors")), name)
