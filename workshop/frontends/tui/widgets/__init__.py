"""The widgets of the terminal interface, one a file."""
