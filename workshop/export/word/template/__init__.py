"""A company's own template: its styles, page setup, header and footer, and nothing else of it."""
