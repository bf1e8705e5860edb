"""Writing systems, languages and fonts."""
