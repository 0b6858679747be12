"""Completion in the shell: what is offered, and how each shell is told."""

VARIABLE = "_CAMPAIGN_COMPLETE"
"""The environment variable by which a shell's script asks."""
