"""The vendor's call reports: asked for over HTTP, or read from a file that a person has saved."""

from campaign.adapters.reports.json_file import read_json
from campaign.adapters.reports.over_http import fetch

__all__ = ["fetch", "read_json"]
