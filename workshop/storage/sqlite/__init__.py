"""Stores each session in one SQLite file."""
