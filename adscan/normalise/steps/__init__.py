"""The steps of the normalising chain; `chain.py` puts them in order."""
