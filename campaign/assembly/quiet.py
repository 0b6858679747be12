"""A program in the place of a person: nobody watches, and nobody is asked."""

from __future__ import annotations

from collections.abc import Callable

from campaign.core.event import Event
from campaign.core.outlook import Outlook
from campaign.core.record import Corrections
from campaign.core.standing import Standing


class Quiet:
    """Nobody watches and nobody is asked: the caller has said yes by calling."""

    def rest(self) -> None:
        """Nothing."""

    def tell(self, text: str) -> None:
        """Nothing."""

    def corrections(self, taken: Corrections) -> None:
        """Nothing."""

    def ahead(self, outlook: Outlook) -> None:
        """Nothing."""

    def agree(self, question: str) -> bool:
        """Yes."""
        return True

    def reading(self, rows: int, of: str = "") -> None:
        """Nothing."""

    def sending(self, standing: Callable[[], Standing]) -> None:
        """Nothing."""

    def happened(self, event: Event) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""
