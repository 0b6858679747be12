"""The journal's SQL by name: every statement lives in queries.sql."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def queries() -> dict[str, str]:
    """Name to statement."""
    return {name: sql.strip() for name, sql in _NAMED.findall(_read("queries.sql"))}


def schema() -> str:
    """The statements that make an empty journal of the newest version."""
    return _read("schema.sql")


def migration(version: int) -> str:
    """The statements that bring a journal from the version before to `version`."""
    return _read(f"migrations/to_{version}.sql")


def _read(name: str) -> str:
    return files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8")
