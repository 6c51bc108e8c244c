"""spaCy pipeline and the notes its components share."""
