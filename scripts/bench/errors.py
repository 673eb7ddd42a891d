"""What a person can mend."""

__all__ = ["UsageError"]


class UsageError(Exception):
    """The command cannot be done as it was typed; the message is one line and ends with the remedy."""
