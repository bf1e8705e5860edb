"""Fitting a canvas on its page before it is written."""
