"""The heap of a process that searches for long."""

from functools import cache

import numpy as np

__all__ = ["keep_freed_memory"]

_LARGEST = (1 << 25) - (1 << 13)
"""Bytes: a page below the most that glibc takes notice of when it is given back (DEFAULT_MMAP_THRESHOLD_MAX)."""


@cache
def keep_freed_memory() -> None:
    """Has freed memory used again, of which a search makes a megabyte or two.

    At first glibc gives what is free at the top of its heap back to the system at once, and each search has to ask for
    it anew, page by page: up to a tenth of its time. A large array that is freed, once in a process, makes it keep up
    to twice as much instead (mallopt(3), M_MMAP_THRESHOLD); nothing is ever written there. Other allocators do not
    mind."""
    np.empty(_LARGEST, np.uint8)
