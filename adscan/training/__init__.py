"""From labelled texts to the files in `models/`; not needed to review advertisements."""
