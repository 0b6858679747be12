"""Rows are read by several processes at once, where a list is long enough."""

from campaign.adapters.row_reading.processes import ReadingProcesses

__all__ = ["ReadingProcesses"]
