"""normalise/steps."""
