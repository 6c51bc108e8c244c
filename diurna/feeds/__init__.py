"""Feeds: RSS and Atom read politely, their pages fetched and remembered."""
