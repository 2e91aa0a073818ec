"""Published lists of institutions: read by their layout, checked, taken into the register."""
