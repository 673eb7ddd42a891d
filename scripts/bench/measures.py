"""What is measured, by name."""

from dataclasses import dataclass

__all__ = ["MEASURES", "QUERY_MEASURES", "Measure"]

_TEXT_CLASSES = ("several", "one", "phrase")


@dataclass(frozen=True, slots=True)
class Measure:
    """One name of --measures; `classes` are the classes of its rows, `unit` what tables show it in."""

    name: str
    about: str
    classes: tuple[str, ...]
    unit: str = "ms"


QUERY_MEASURES = (
    Measure("ids", "top 10 ids, without counting all matches where the engine can", _TEXT_CLASSES),
    Measure("total", "top 10 ids and how many documents match", _TEXT_CLASSES),
    Measure("snippets", "top 10 with highlighted snippets", _TEXT_CLASSES),
    Measure("filter", "top 10 ids of one year, with the matches counted by publisher", ("several",)),
    Measure("prefix", "top 10 ids for the beginning of a word", ("prefix",)),
    Measure("fuzzy", "top 10 ids for a word with one edit", ("fuzzy",)),
)
MEASURES = {
    measure.name: measure
    for measure in (
        Measure("build", "the whole index: processor time and wall clock, with one and two workers",
                ("cpu-1", "wall-1", "cpu-2", "wall-2"), "s"),
        Measure("size", "the index on disk, with its text where it keeps one", ("disk",), "MB"),
        Measure("memory", "most memory of the processes that build", ("peak-1", "peak-2"), "MB"),
        *QUERY_MEASURES,
        Measure("replace", "replacing 1 % of the documents, with the commit", ("cpu", "wall"), "s"),
        Measure("cold", "a whole process: start, open, first answer with snippets", ("cpu", "wall"), "s"),
    )
}  # fmt: skip
