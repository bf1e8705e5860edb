"""Files: writing one whole or not at all, opening a regular one, showing a folder."""
