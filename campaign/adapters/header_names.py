"""The dictionary of header names from its file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from campaign.core.proposal.header_names import HeaderNames


@cache
def load_header_names() -> HeaderNames:
    """The shipped dictionary. It is not the person's file: a fault in it is a bug, and the tests would show it."""
    text = resources.files("campaign").joinpath("data", "header_names.toml").read_text(encoding="utf-8")
    return HeaderNames(**tomllib.loads(text))
