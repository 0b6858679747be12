"""The event loop is the one that was asked for, or an error says what to do."""

from __future__ import annotations

import asyncio
import sys

import pytest

from campaign.assembly.event_loop import NAME, run
from campaign.core.errors import UsageError


async def module_of_the_loop() -> str:
    """Where the running loop comes from."""
    return type(asyncio.get_running_loop()).__module__


def test_nothing_asked_for_is_pythons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is installed besides."""
    monkeypatch.delenv(NAME, raising=False)
    assert run(module_of_the_loop).startswith("asyncio.")
    monkeypatch.setenv(NAME, "")
    assert run(module_of_the_loop).startswith("asyncio.")


def test_uvloop_is_taken_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name."""
    pytest.importorskip("uvloop", reason="needs uvloop, which Windows has not")
    monkeypatch.setenv(NAME, "uvloop")
    assert run(module_of_the_loop).startswith("uvloop")


@pytest.mark.parametrize(("name", "cure"), [("uvloop", "pip install"), ("trio", "asyncio or uvloop")])
def test_what_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, cure: str) -> None:
    """With what to do, before anything is sent."""
    monkeypatch.setenv(NAME, name)
    monkeypatch.setitem(sys.modules, "uvloop", None)
    with pytest.raises(UsageError, match="Nothing was sent") as refused:
        run(module_of_the_loop)
    assert cure in refused.value.cure
