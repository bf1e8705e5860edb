"""Word templates: the styles, page setup, header and footer of a company's own document."""
