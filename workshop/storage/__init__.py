"""Stores sessions: the event log in SQLite, exports in JSON, and the catalog of session files."""
