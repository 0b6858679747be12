"""What is so of sheets in every kind of workbook."""

LAST_ROW = 1_048_576
"""A sheet ends here, in Excel and in LibreOffice."""
NO_RESULT = "formula without a stored result"
"""What is shown of a cell whose formula was never calculated."""
EXACT = 10**15
"""Below it whole numbers are exact in a sheet: it keeps fifteen digits."""
