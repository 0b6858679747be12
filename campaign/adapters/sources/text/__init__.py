"""Text files (.csv, .tsv, .txt): their encoding, their delimiter, their rows."""
