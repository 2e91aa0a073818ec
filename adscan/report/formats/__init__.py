"""report/formats."""
