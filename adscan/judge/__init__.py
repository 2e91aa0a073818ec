"""From hits to a verdict: finding or mere mention, one finding a fault, the decision."""
