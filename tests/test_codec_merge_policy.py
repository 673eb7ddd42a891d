"""Which segments become one: few of them, and no document is written too often."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.codec.merge_policy import FLOOR_BYTES, MAX_DELETED, MAX_SEGMENTS, SegmentSize, choose_merges

sizes = st.lists(st.builds(SegmentSize, st.integers(0, 1 << 40), st.floats(0, 1)), max_size=60)


def merged(segments: list[SegmentSize]) -> tuple[list[SegmentSize], float]:
    """The segments when nothing more is merged, and the bytes that were written for it."""
    written = 0.0
    while groups := choose_merges(segments):
        taken = {number for group in groups for number in group}
        fresh = [SegmentSize(int(sum(segments[number].live_bytes for number in group)), 0.0) for group in groups]
        written += sum(segment.size_bytes for segment in fresh)
        segments = [segment for number, segment in enumerate(segments) if number not in taken] + fresh
        segments = [segment for segment in segments if segment.size_bytes]
    return segments, written


@given(sizes)
def test_groups_are_ascending_and_share_no_segment(segments: list[SegmentSize]) -> None:
    groups = choose_merges(segments)
    flat = [number for group in groups for number in group]
    assert len(flat) == len(set(flat))
    assert set(flat) <= set(range(len(segments)))
    assert all(group == sorted(group) for group in groups)
    assert all(len(group) > 1 or segments[group[0]].deleted > MAX_DELETED for group in groups)


@given(sizes)
def test_merging_ends_with_few_segments_and_little_that_is_deleted(segments: list[SegmentSize]) -> None:
    left, _ = merged(segments)
    assert len(left) <= MAX_SEGMENTS
    assert all(segment.deleted <= MAX_DELETED for segment in left)


@pytest.mark.parametrize("total", [10_000, 5 << 20, 1 << 30, 1 << 40])
def test_a_hundred_commits_of_one_percent_leave_few_segments_and_little_waste(total: int) -> None:
    choices = random.Random(7)  # noqa: S311
    segments = [SegmentSize(total, 0.0)]
    written = 0.0
    for _ in range(100):
        replaced = total // 100
        live = sum(segment.live_bytes for segment in segments)
        share = replaced / live
        segments = [
            SegmentSize(segment.size_bytes, 1 - (1 - segment.deleted) * (1 - share * choices.uniform(0.5, 1.5)))
            for segment in segments
        ]
        segments, bytes_written = merged([*segments, SegmentSize(replaced, 0.0)])
        written += bytes_written
        assert len(segments) <= 12
        assert sum(segment.size_bytes for segment in segments) <= 1.6 * total + 2
    assert written < 12 * max(total, FLOOR_BYTES)


def test_thousands_of_commits_write_each_document_about_as_often_as_there_are_levels() -> None:
    segments: list[SegmentSize] = []
    written, size, count = 0.0, 1 << 20, 5000
    for _ in range(count):
        segments, bytes_written = merged([*segments, SegmentSize(size, 0.0)])
        written += bytes_written
    assert len(segments) <= MAX_SEGMENTS
    assert written < 15 * size * count  # log4(5000) is 6; no more than MAX_SEGMENTS costs as much again
