"""The array codec: a Whoosh index written and read as flat arrays.

`open_dir` of Whoosh opens it and all that Whoosh can do works on it, one posting at a time; our own writer and engine
work on the arrays. From the outside in: `toc` (a commit), `segment` (what it keeps of a segment), `container` (a file),
`lexicon`, `postings`, `passages` and the columns in `segment_writer` (its sections). A document becomes arrays in
`batch`, batches and older segments become a segment in `merging`."""

from .batch import BODY, IndexDocument
from .check import Damage, IndexCheck, check_index, open_container
from .index_writer import IndexWriter, create_index
from .lexicon import Lexicon
from .memory import segment_in_memory
from .pages import PAGES, decode_pages, encode_pages
from .postings import Posting
from .segment import DOCUMENTS, ArraySegment
from .segment_reader import SegmentReader
from .toc import Toc, latest_generation, read_toc, toc_path
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
