"""A line for the mapping that a person may want: nothing is done by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line for the mapping, which a person may want to write in place of the one at `where`.

    `rows` are the cells that can't be read as they stand and could be with it, of `filled` ones; `seems` says what they
    seem to have lost. `examples` are cells with what they would be read as.
    """

    field: str
    column: str
    rows: int
    filled: int
    seems: str
    line: str
    where: str
    examples: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """What it is about, without the line."""
        return f"{self.rows:,} of {self.filled:,} numbers in {self.column} seem to {self.seems}."

    @property
    def shown_examples(self) -> str:
        """The examples, before and after."""
        return ", ".join(f"{before} -> {after}" for before, after in self.examples)
