"""What is so of sheets in every kind of workbook."""

LAST_ROW = 1_048_576
"""A sheet ends here, in Excel and in LibreOffice."""
NO_RESULT = "formula without a stored result"
"""What is shown of a cell whose formula was never calculated."""
EXACT = 10**15
"""Below it whole numbers are exact in a sheet: it keeps fifteen digits."""
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Error cells by their code (MS-XLS 2.5.10, MS-XLSB 2.5.97.2)."""
