"""The one exception that a user is meant to read."""

__all__ = ["QbenchError"]


class QbenchError(Exception):
    """Bad usage or bad input: says what, where, what was expected and what to do.

    The command line prints it alone, without a traceback, and ends with exit code 2.
    """
