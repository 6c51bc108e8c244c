"""Lets `python -m diurna` run the command line."""

from diurna.cli import main

main()
