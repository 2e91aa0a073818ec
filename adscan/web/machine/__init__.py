"""What workers do with a submission."""
