"""The commands, a module for each group of them; every heavy import waits inside its command."""
