"""The report of a campaign as one page: HTML with its style and its charts inside, without a script."""

from campaign.adapters.report_page.page import report_page

__all__ = ["report_page"]
