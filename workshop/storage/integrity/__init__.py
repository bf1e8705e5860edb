"""Whether a session file is sound, and saving what is sound in a damaged one."""
