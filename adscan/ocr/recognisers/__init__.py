"""ocr/recognisers."""
