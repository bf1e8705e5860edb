"""Fitting a canvas on its page: font size, columns, rows, and where lines break."""
