"""The do-not-call list: numbers, and prefixes of numbers, that must not be called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from campaign.core.lead import Phone


class SuppressionList:
    """Numbers in their compact form, each list under its name, so that a held-back row can say which list names it."""

    def __init__(self) -> None:
        self._numbers: list[tuple[str, frozenset[int]]] = []
        self._prefixes: list[tuple[str, tuple[str, ...]]] = []

    def add(self, name: str, digits: Iterable[int], prefixes: Sequence[str] = ()) -> None:
        """Add a list. `prefixes` are the beginnings of E.164 numbers: `+974`."""
        self._numbers.append((name, frozenset(digits)))
        if prefixes:
            self._prefixes.append((name, tuple(prefixes)))

    def __len__(self) -> int:
        return sum(len(digits) for _, digits in self._numbers) + sum(len(prefixes) for _, prefixes in self._prefixes)

    def names(self, phone: Phone) -> str | None:
        """The name of the list on which the number is; None if it is on none."""
        for name, digits in self._numbers:
            if phone.digits in digits:
                return name
        for name, prefixes in self._prefixes:
            if phone.e164.startswith(prefixes):
                return name
        return None
