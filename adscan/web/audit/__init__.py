"""The sealed log of what was done."""
