"""What submitters do: one by one, and many at once."""
