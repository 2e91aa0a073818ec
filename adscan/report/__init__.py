"""The last stage: cases into the text, JSON or page that a person or a program reads."""
