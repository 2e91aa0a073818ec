"""What is kept of it all: tables, closed sets, the clock, reviews read back."""
