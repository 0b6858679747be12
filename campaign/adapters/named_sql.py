"""SQL by name: a file of statements, each below a line `-- name: ...`."""

from __future__ import annotations

import re
from pkgutil import get_data

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


def named_statements(package: str, file: str) -> dict[str, str]:
    """Name to statement, of a file that lies in `package`."""
    return {name: sql.strip() for name, sql in _NAMED.findall(sql_file(package, file))}


def sql_file(package: str, file: str) -> str:
    """The text of a file in `package`; slashes part its folders."""
    data = get_data(package, file)  # importlib.resources does the same, but every command would wait for its import
    assert data is not None
    return data.decode().replace("\r\n", "\n")
