"""Room: actors."""
