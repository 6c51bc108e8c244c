"""Room: exports."""
