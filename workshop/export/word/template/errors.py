"""Why a template cannot be used, before it is said with the file's name."""


class UnusableError(Exception):
    """A template cannot be used; the message says why, as the middle of a sentence."""
