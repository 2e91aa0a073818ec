"""The law and the rules: files for people, matchers for the scanner."""
