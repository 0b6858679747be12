"""The dozen people whom all lists are about, and the ways in which their numbers get written."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "x"
"""What an operator writes into the column of objections."""


@dataclass(frozen=True)
class Person:
    """Somebody with one or two numbers, E.164. All are reserved for fiction."""

    name: str
    numbers: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


FOLK = (
    Person("Ann", ("+442079460101",)),
    Person("Bo", ("+442079460102", "+12025550102")),
    Person("Cy", ("+442079460103", "+442079460203")),
    Person("Di", ("+12025550104",)),
    Person("Ed", ("+442079460105", "+12025550105")),
    Person("Fay", ("+442079460106",)),
    Person("Gil", ("+12025550107", "+442079460107")),
    Person("Hal", ("+442079460108", "+442079460200")),  # Hal and Ida share a phone at home
    Person("Ida", ("+442079460109", "+442079460200")),
    Person("Jo", ("+12025550110",)),
    Person("Kim", ("+442079460111", "+442079460211")),
    Person("Lou", ("+12025550112", "+12025550122")),
)
UNREADABLE = ("", "n/a", "12")
"""What stands in a cell of which nobody could say whose number it is."""


def ways(number: str) -> tuple[str, ...]:
    """The ways in which a number is written in a list of a British company."""
    if number.startswith("+44"):
        area, first, last = number[3:5], number[5:9], number[9:]
        return (
            number,
            f"0{area} {first} {last}",
            f"+44 (0){area} {first} {last}",
            f"0044 {area} {first} {last}",
            f"(0{area}) {first}{last}",
            f"tel:+44-{area}-{first}-{last}",
        )
    area, first, last = number[2:5], number[5:8], number[8:]
    return number, f"+1 ({area}) {first}-{last}", f"001 {area} {first} {last}", f"+1.{area}.{first}.{last}"


NUMBERS = tuple(dict.fromkeys(number for person in FOLK for number in person.numbers))
_WRITTEN = {way: number for number in NUMBERS for way in ways(number)}


def numbers_in(*cells: object) -> frozenset[str]:
    """The numbers that a reader of these cells sees, E.164."""
    return frozenset(_WRITTEN[text] for cell in cells if (text := str(cell or "")) in _WRITTEN)
