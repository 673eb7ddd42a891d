"""Whether all that a commit names is there and whole: file by file, section by section.

Every byte of our files is under a checksum, so that one bit that is not as it was written is found. What a file says
beyond that is looked at in `consistency`. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import IndexFormatError
from .commit import unnamed_files
from .consistency import contradictions
from .container import ContainerReader
from .segment import DOCUMENTS, TERMS, ArraySegment
from .segment_reader import SegmentReader, map_file
from .toc import Toc, latest_generation, read_toc, toc_path

__all__ = ["Damage", "IndexCheck", "check_index", "damages_of", "open_container"]

_TRIES = 5
TOC_SECTION = "table of contents"


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written. `section` is `file` where the whole file is concerned, `length`,
    `header` or `table` of a container, else a section's name; `segment` is "" for the table of contents."""

    file: str
    section: str
    message: str
    segment: str = ""


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """What was found. `toc` is None where the table of contents cannot be read; `foreign` are the files of segments
    that another program wrote, of which only the presence is checked; `unnamed` those that no commit names."""

    toc: Toc | None
    files: int
    size_bytes: int
    damages: tuple[Damage, ...]
    foreign: tuple[str, ...]
    unnamed: tuple[str, ...]

    @property
    def damaged_segments(self) -> frozenset[str]:
        """The names of those that are not whole."""
        return frozenset(damage.segment for damage in self.damages if damage.segment)


def check_index(folder: Path) -> IndexCheck | None:
    """The last commit, checked; None where there is no index. A commit that takes its place meanwhile is checked
    instead."""
    for _ in range(_TRIES):
        generation = latest_generation(folder)
        if generation is None:
            return None
        found = _check(folder, generation)
        if latest_generation(folder) == generation:
            break
    return found


def _check(folder: Path, generation: int) -> IndexCheck:
    path = toc_path(folder, generation)
    try:
        toc = read_toc(folder)
    except IndexFormatError as error:
        return IndexCheck(None, 1, _size(folder, [path.name]), (Damage(path.name, TOC_SECTION, str(error)),), (), ())
    assert toc is not None
    names, foreign = [path.name], list[str]()
    damages: list[Damage] = []
    for segment in toc.segments:
        files = files_of(folder, segment)
        names.extend(files)
        if isinstance(segment, ArraySegment):
            damages.extend(damages_of(folder, segment))
        else:
            foreign.extend(files or [segment.segment_id()])
            if not files:
                name = segment.segment_id()
                damages.append(Damage(f"{name}.*", "file", "The commit names this segment, and it has no file.", name))
    unnamed = tuple(unnamed_files(folder, toc))
    return IndexCheck(toc, len(names), _size(folder, names), tuple(damages), tuple(foreign), unnamed)


def _size(folder: Path, names: list[str]) -> int:
    total = 0
    for name in names:
        with suppress(FileNotFoundError):
            total += (folder / name).stat().st_size
    return total


def files_of(folder: Path, segment: Any) -> list[str]:
    """The files of a segment: those that one of ours must have, those that another program's has."""
    if isinstance(segment, ArraySegment):
        return [segment.make_filename(extension) for extension in segment.sizes]
    return sorted(path.name for path in folder.glob(f"{segment.segment_id()}.*"))


def damages_of(folder: Path, segment: ArraySegment) -> Iterator[Damage]:
    """What is wrong with the files of one of our segments."""
    name = segment.segment_id()
    containers: dict[str, ContainerReader] = {}
    whole = True
    for extension, length in segment.sizes.items():
        file = segment.make_filename(extension)
        try:
            container = open_container(folder / file, length)
        except IndexFormatError as error:
            whole = False
            yield Damage(file, error.section or "file", str(error), name)
            continue
        containers[extension] = container
        for section in container.damaged():
            whole = False
            yield Damage(file, section, "Its checksum is wrong.", name)
    if whole and {DOCUMENTS, TERMS} <= containers.keys():
        reader = SegmentReader(containers[DOCUMENTS], containers[TERMS])
        for extension, section, message in contradictions(reader, segment):
            yield Damage(segment.make_filename(extension), section, message, name)


def open_container(path: Path, length: int) -> ContainerReader:
    """A file of a segment. Raises IndexFormatError where it is missing, or not as long as the commit says."""
    try:
        data = map_file(path)
    except FileNotFoundError as error:
        raise IndexFormatError("It is missing.", section="file") from error
    if len(data) != length:
        raise IndexFormatError(f"It has {len(data)} bytes, and the commit says {length}.", section="length")
    return ContainerReader(data, path.name)
