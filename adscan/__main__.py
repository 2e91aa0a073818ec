"""`python -m adscan`."""

from adscan.cli.main import main

main()
