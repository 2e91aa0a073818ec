"""What sort of text the whole is."""
