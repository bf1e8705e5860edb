"""A session as one JSON file: writing it, reading it, importing it."""
