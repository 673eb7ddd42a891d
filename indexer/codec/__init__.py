"""The array codec: a Whoosh index written and read as flat arrays.

`open_dir` of Whoosh opens it and all that Whoosh can do works on it, one posting at a time; our own writer and engine
work on the arrays. From the outside in: `toc` (a commit), `segment` (what it keeps of a segment), `container` (a file),
`lexicon`, `postings`, `passages` and the columns in `segment_writer` (its sections). A document becomes arrays in
`batch`, batches and older segments become a segment in `merging`.

What reads is imported with the package; what writes and checks, when it is first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .lexicon import Lexicon
from .pages import PAGES, decode_pages, encode_pages
from .passages import BODY
from .postings import Posting
from .segment import DOCUMENTS, ArraySegment
from .segment_reader import SegmentReader
from .toc import Toc, latest_generation, read_toc, toc_path

if TYPE_CHECKING:
    from .check import Damage, IndexCheck, check_index, open_container
    from .document import IndexDocument
    from .index_writer import IndexWriter, create_index
    from .memory import segment_in_memory
    from .whoosh_codec import ArrayCodec

__all__ = [
    "BODY",
    "DOCUMENTS",
    "PAGES",
    "ArrayCodec",
    "ArraySegment",
    "Damage",
    "IndexCheck",
    "IndexDocument",
    "IndexWriter",
    "Lexicon",
    "Posting",
    "SegmentReader",
    "Toc",
    "check_index",
    "create_index",
    "decode_pages",
    "encode_pages",
    "latest_generation",
    "open_container",
    "read_toc",
    "segment_in_memory",
    "toc_path",
]

_LATER = {
    "ArrayCodec": "whoosh_codec",
    "Damage": "check",
    "IndexCheck": "check",
    "IndexDocument": "document",
    "IndexWriter": "index_writer",
    "check_index": "check",
    "create_index": "index_writer",
    "open_container": "check",
    "segment_in_memory": "memory",
}


def __getattr__(name: str) -> Any:
    """A name of a module that no search needs (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{_LATER[name]}", __name__), name)
    return found
