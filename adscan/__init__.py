"""adscan: reads Chinese advertisements and judges them against the law of their day."""

__version__ = "0.1.0"
