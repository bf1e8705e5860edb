"""The report as PowerPoint slides."""
