"""The commands, one module for each group; heavy imports are inside the commands that need them."""
