"""From sheets to parts: a page's own text, or what OCR reads in its pixels."""
