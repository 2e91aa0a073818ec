"""Normalise: a part's text as the rules read it, every character with its place of origin."""
