"""Coding at size: one function that codes an article within bounds, run here, in worker processes, or on a cluster."""
