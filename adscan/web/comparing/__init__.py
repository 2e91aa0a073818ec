"""Two states of an advertisement held against each other."""
