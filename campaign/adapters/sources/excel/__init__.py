"""Excel workbooks (.xlsx, .xlsm), streamed from their XML."""
