"""The front ends: the screen, line mode and the command line."""
