"""Lead lists: delimited text, workbooks of every kind, compressed ones, and DataFrames, all read row by row."""

from campaign.adapters.sources.dataframe import DataFrameSource
from campaign.adapters.sources.formats import ENDINGS, open_source
from campaign.adapters.sources.list_file import ListFile
from campaign.adapters.sources.result_file import open_result

__all__ = ["ENDINGS", "DataFrameSource", "ListFile", "open_result", "open_source"]
