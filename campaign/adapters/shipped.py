"""What travels with the program: mapping templates and sample data.

They live at the top of the repository, where people look for them; the wheel carries them inside the package.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from campaign.core.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The folder `templates` or `sample_data`, in the wheel or in a checkout."""
    inside = _PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def template_names() -> list[str]:
    """The templates that `template:NAME` knows."""
    return sorted(path.stem for path in shipped("templates").glob("*.yaml"))


def template_text(name: str) -> str:
    """The template of that name. Raises `UsageError` with the nearest right name."""
    names = template_names()
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"Did you mean template:{near[0]}?" if near else ""
        raise UsageError(f"There is no template '{name}'.", f"{hint} The templates are: {', '.join(names)}.".strip())
    return (shipped("templates") / f"{name}.yaml").read_text(encoding="utf-8")
