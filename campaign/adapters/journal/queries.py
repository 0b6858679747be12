"""The journal's SQL by name: every statement lives in queries.sql."""

from __future__ import annotations

from functools import cache

from campaign.adapters.named_sql import named_statements, sql_file


@cache
def queries() -> dict[str, str]:
    """Name to statement."""
    return named_statements(__package__, "queries.sql")


def schema() -> str:
    """The statements that make an empty journal of the newest version."""
    return sql_file(__package__, "schema.sql")


def migration(version: int) -> str:
    """The statements that bring a journal from the version before to `version`."""
    return sql_file(__package__, f"migrations/to_{version}.sql")
