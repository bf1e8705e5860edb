"""One session, one SQLite file."""
