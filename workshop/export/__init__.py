"""Reports and exports: one writer for each format, each of which renders the same outline."""
