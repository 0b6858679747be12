"""The plain words for states cover the states."""

from __future__ import annotations

import re

import pytest

from campaign.core.lifecycle import CORRECTABLE, WAITING, State
from campaign.core.state_words import MEANING, NEXT_STEP


def test_every_state_has_words() -> None:
    """No state is without a meaning or a next step, and both tables have the same order."""
    assert set(MEANING) == set(State)
    assert list(MEANING) == list(NEXT_STEP)


@pytest.mark.parametrize("state", sorted(CORRECTABLE - WAITING))
def test_what_rerun_takes_says_rerun(state: State) -> None:
    """The finished states from which a rerun takes rows name the command, with the file to give; the others wait for
    `resume`."""
    assert "campaign rerun FILE" in NEXT_STEP[state]


def test_commands_named_are_commands_there_are() -> None:
    """Only these act on rows; `cancel` and `forget` are nobody's next step."""
    named = {command for words in NEXT_STEP.values() for command in re.findall(r"campaign (\w+)", words)}
    assert named == {"resume", "rerun", "reconcile"}
