"""The command line: its commands, their output, and the menu."""
