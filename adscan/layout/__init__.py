"""How lines look: their height and contrast, measured from pixels or known from the style."""
