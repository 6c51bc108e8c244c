"""Intake: files, folders and pipes to articles, and the page furniture in them."""

from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.intake.items import Columns, Intake
from diurna.intake.sources import read_articles

__all__ = ["Columns", "Intake", "find_boilerplate", "find_headline", "read_articles"]
