"""Session files: the log of events in SQLite, and where the files are found."""
