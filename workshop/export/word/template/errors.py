"""The error that the parts of the template loader raise, without the name of the file."""


class UnusableError(Exception):
    """A template cannot be used; the message is the reason, as a clause."""
