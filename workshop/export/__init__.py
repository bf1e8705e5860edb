"""The report: an outline of what a session holds, and a thin writer for each format."""
