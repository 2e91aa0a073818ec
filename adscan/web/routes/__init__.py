"""The pages and the API: one module for each thing people do here."""
