"""Everything that `campaign` raises on purpose.

CampaignError
├── UsageError            the person's input or set-up is wrong; nothing was sent              (exit 2)
│   ├── MappingError      the mapping file, with file, line and key
│   ├── SourceError       the lead list can't be read
│   ├── KeysError         a key is missing or stands where it must not
│   ├── OutputError       the result can't be written where it was asked
│   ├── ReportError       the vendor's call reports can't be had or read
│   ├── SuppressionError  the workspace's own do-not-call list can't be used
│   └── WorkspaceError    the workspace or its journal can't be used
├── CampaignHalted        sending stopped: every further row would fare the same              (exit 3)
└── IllegalTransition     a row was asked to go where DELIVERY's table does not allow: a bug   (exit 5)

Each message says what happened and where; `cure` says what to do next.
"""

from __future__ import annotations


class CampaignError(Exception):
    """Base of all errors raised on purpose. `cure` is one sentence that says what to do next."""

    exit_code = 5

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message}\n{self.cure}" if self.cure else self.message


class UsageError(CampaignError):
    """The person's input or set-up is wrong. Nothing was sent."""

    exit_code = 2


class MappingError(UsageError):
    """The mapping is wrong; the message lists every fault with file, line and key."""


class SourceError(UsageError):
    """The lead list can't be read as it stands."""


class KeysError(UsageError):
    """A widget key or API key is missing, or stands where it must not."""


class OutputError(UsageError):
    """The result can't be written to the place that was asked for."""


class ReportError(UsageError):
    """The vendor's call reports can't be had or read. Nothing was changed."""


class SuppressionError(UsageError):
    """The workspace's own do-not-call list can't be used. It is never taken for an empty one."""


class WorkspaceError(UsageError):
    """The workspace folder or its journal can't be used."""


class CampaignHalted(CampaignError):
    """Sending stopped because every further row would fare the same. No row is lost: `resume` goes on."""

    exit_code = 3


class IllegalTransition(CampaignError):
    """A row was asked to enter a state that the transition table does not allow. Nothing was changed."""
