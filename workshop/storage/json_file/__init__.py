"""Writes, reads and imports a session as one JSON file."""
