"""Arithmetic on many short runs of numbers at once: what takes the place of loops over terms and documents."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "bounds_of",
    "concatenated_ranges",
    "distinct",
    "first_in_each",
    "lengths_of",
    "max_of_each",
    "narrowest",
    "within",
]

_T = TypeVar("_T", bound=np.generic)


def bounds_of(counts: NDArray[Any], dtype: Any = np.int64) -> NDArray[Any]:
    """dtype[n + 1]: where each run begins, and at last where all end, of runs with these lengths."""
    bounds = np.zeros(len(counts) + 1, dtype)
    counts.cumsum(dtype=dtype, out=bounds[1:])
    return bounds


def within(counts: NDArray[Any]) -> NDArray[np.int64]:
    """0, 1, … for each run of these lengths, one run after the other."""
    return concatenated_ranges(np.zeros(len(counts), np.int64), counts)


def concatenated_ranges(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """`starts[i], starts[i] + 1, …` (`counts[i]` of them) for each i, one after the other."""
    starts, counts = starts.astype(np.int64, copy=False), counts.astype(np.int64, copy=False)
    ends = counts.cumsum()
    if not len(ends) or not ends[-1]:
        return np.empty(0, np.int64)
    return np.asarray((starts - ends + counts).repeat(counts) + np.arange(ends[-1]))


def distinct(values: NDArray[_T]) -> NDArray[_T]:
    """The values, each once, ascending. What np.unique does, which loads masked arrays for it."""
    ordered = np.sort(values)
    return ordered[first_in_each(ordered)]


def first_in_each(values: NDArray[_T]) -> NDArray[np.int64]:
    """Where a value differs from the one before it; 0 too, if there is any."""
    are_first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=are_first[1:])
    return are_first.nonzero()[0]


def lengths_of(firsts: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The lengths of the runs that begin there, of so many values in all."""
    return np.concatenate((firsts[1:], [count])) - firsts


def max_of_each(values: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """The largest value (int64[n]) of each run of these lengths; 0 for an empty one."""
    largest = np.zeros(len(counts), np.int64)
    filled = np.flatnonzero(counts)
    if len(filled):
        largest[filled] = np.maximum.reduceat(values, bounds_of(counts)[filled])
    return largest


def narrowest(values: NDArray[Any]) -> NDArray[Any]:
    """The same non-negative numbers in the smallest unsigned type that holds them all."""
    return values.astype(np.min_scalar_type(int(values.max()) if len(values) else 0), copy=False)
