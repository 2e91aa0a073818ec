"""What a saved web page says, shows, hides and lacks."""
