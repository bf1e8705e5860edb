"""Writing systems, languages and fonts of exports."""
