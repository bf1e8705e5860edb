"""Checking whether a session file is sound, and rescuing what is sound in a damaged one."""
