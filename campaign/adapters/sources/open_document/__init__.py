"""OpenDocument spreadsheets (.ods), streamed from their XML."""
