"""Archives of any size: what is to be read, by whom, what is done, and the results."""
