"""rulebook/matchers."""
