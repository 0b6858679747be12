"""What all kinds of workbook share: the archive, the choice of a sheet, the facts that are so of every sheet."""
