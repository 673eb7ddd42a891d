"""What may be shown of a hit, and what that is worth."""

from typing import NamedTuple

__all__ = ["AGAIN", "EACH", "MOST_AGAIN", "NEAR_WORDS", "WINDOW_WORDS", "Window"]

WINDOW_WORDS = 45
"""A snippet shows about so many."""
EACH = 10.0
"""What each different word is worth besides its own worth: more than that can be."""
NEAR_WORDS = 4
"""Words between which the worth of standing near each other falls to a half."""
AGAIN, MOST_AGAIN = 0.01, 10
"""What each occurrence adds, which is less than anything else does; and how many count."""


class Window(NamedTuple):
    """What may be shown of a hit: passages from `first` up to and including `last`; the occurrences in them begin with
    `begin`, and end before `end`."""

    hit: int
    first: int
    last: int
    begin: int
    end: int
    worth: float
