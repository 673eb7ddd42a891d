"""Whoosh's own writer on our codec: what it wrote is read as it was given; and what another program does to an index of
ours."""

import datetime
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import whoosh.codec
from whoosh import columns, fields, formats, index, query
from whoosh.analysis import DelimitedAttributeFilter, SpaceSeparatedTokenizer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import FileIndex
from whoosh.multiproc import MpWriter
from whoosh.reading import IndexReader
from whoosh.sorting import FieldFacet, add_sortable
from whoosh.writing import BufferedWriter, IndexWriter

from reportsearch.indexer import pipeline
from reportsearch.indexer.adoption import open_as_ours
from reportsearch.indexer.codec import ArrayCodec, ArraySegment, SegmentReader, latest_generation, read_toc
from reportsearch.indexer.codec.toc import toc_path
from reportsearch.indexer.errors import IndexFormatError
from reportsearch.indexer.settings import Settings, Source, load_settings
from reportsearch.search import open_collection

PLAIN = SpaceSeparatedTokenizer()
BOOSTED = PLAIN | DelimitedAttributeFilter()
FORMATS = {
    "existence": formats.Existence(),
    "frequency": formats.Frequency(),
    "positions": formats.Positions(),
    "characters": formats.Characters(),
    "position_boosts": formats.PositionBoosts(),
    "character_boosts": formats.CharacterBoosts(),
}
COLUMNS = {
    "number": columns.NumericColumn("i", default=-1),
    "long": columns.NumericColumn("q"),
    "bit": columns.BitColumn(),
    "var": columns.VarBytesColumn(),
    "fixed": columns.FixedBytesColumn(3),
    "ref": columns.RefBytesColumn(),
    "compressed": columns.CompressedBytesColumn(),
    "pickled": columns.PickleColumn(columns.VarBytesColumn()),
}


def make_schema() -> fields.Schema:
    schema = fields.Schema(
        id=fields.ID(unique=True, stored=True),
        kept=fields.STORED(),
        when=fields.DATETIME(stored=True, sortable=True),
        size=fields.NUMERIC(stored=True, sortable=True),
        text=fields.TEXT(analyzer=PLAIN, vector=formats.Positions(), stored=True, sortable=True, spelling=True),
    )
    for name, format_ in FORMATS.items():
        kind = fields.FieldType(format=format_, analyzer=BOOSTED, scorable=True)
        schema.add(name, kind)
    for name, column in COLUMNS.items():
        schema.add(f"column_{name}", fields.COLUMN(column))
    return schema


def make_documents(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Random ones; each lacks some of the fields."""
    chance = random.Random(seed)  # noqa: S311  documents, no secrets
    values: dict[str, Callable[[], Any]] = {
        "kept": lambda: chance.choice([{"a": [1, 2.5, None]}, ("b", b"\0"), Decimal("1.50"), {1, 2}, 2**70, True, "é"]),
        "when": lambda: datetime.datetime(2016, chance.randrange(1, 13), 1),
        "size": lambda: chance.randrange(-1000, 1000),
        "text": lambda: _words(chance, boosts=False),
        **dict.fromkeys(FORMATS, lambda: _words(chance, boosts=True)),
        "column_number": lambda: chance.randrange(-9, 9),
        "column_long": lambda: chance.randrange(-(2**60), 2**60),
        "column_bit": lambda: chance.random() < 0.5,
        "column_var": lambda: chance.randbytes(chance.randrange(9)),
        "column_fixed": lambda: chance.randbytes(3),
        "column_ref": lambda: chance.choice([b"x", b"yy", b"zzz"]),
        "column_compressed": lambda: b"again " * chance.randrange(1, 9),
        "column_pickled": lambda: [chance.randrange(9)],
    }
    return [
        {"id": f"d{number}"} | {name: make() for name, make in values.items() if chance.random() < 0.8}
        for number in range(count)
    ]


def _words(chance: random.Random, *, boosts: bool) -> str:
    words = [chance.choice(["ann", "bob", "cat", "dog", "été", "zoë"]) for _ in range(chance.randrange(1, 40))]
    return " ".join(f"{word}^{chance.choice([0.5, 2])}" if boosts and chance.random() < 0.2 else word for word in words)


def said_by(reader: IndexReader) -> dict[str, Any]:
    """All that a reader says of the documents that are not deleted, by their identity."""
    names = {number: reader.stored_fields(number)["id"] for number in reader.all_doc_ids()}
    said = {
        (name, text): sorted((names[number], *posting) for number, *posting in postings_of(reader, name, text))
        for name, text in reader.all_terms()
    }
    return {
        "stored": {identity: reader.stored_fields(number) for number, identity in names.items()},
        "postings": {term: postings for term, postings in said.items() if postings},
        "vectors": {
            identity: list(entries_of(reader, number))
            for number, identity in names.items()
            if reader.has_vector(number, "text")
        },
    }


def columns_of(reader: IndexReader) -> dict[str, dict[str, Any]]:
    """The values of each column, by the identity of the document."""
    schema = reader.schema
    readers = {name: reader.column_reader(name, translate=False) for name in schema.names() if schema[name].column_type}
    return {
        name: {reader.stored_fields(number)["id"]: column[number] for number in reader.all_doc_ids()}
        for name, column in readers.items()
    }


def postings_of(reader: IndexReader, name: str, text: bytes) -> Iterator[tuple[int, float, bytes]]:
    matcher = reader.postings(name, text)
    while matcher.is_active():
        yield matcher.id(), matcher.weight(), matcher.value() or b""
        matcher.next()


def entries_of(reader: IndexReader, number: int) -> Iterator[tuple[str, float, list[int]]]:
    matcher = reader.vector(number, "text")
    while matcher.is_active():
        yield matcher.id(), matcher.weight(), matcher.value_as("positions")
        matcher.next()


def storage_at(kind: str, folder: Path) -> Storage:
    if kind == "ram":
        return RamStorage()
    folder.mkdir()
    return FileStorage(str(folder))


def fill(storage: Storage, codec: Any, documents: list[dict[str, Any]], commits: int, *, optimize: bool) -> FileIndex:
    """An index with these documents, of which every fifth is deleted and every seventh replaced by itself."""
    made = storage.create_index(make_schema())
    for commit in range(commits):
        writer = made.writer(codec=codec)
        for document in documents[commit::commits]:
            writer.add_document(**document)
        writer.commit(merge=False)
    writer = made.writer(codec=codec)
    for number, document in enumerate(documents):
        if number % 5 == 0:
            writer.delete_by_term("id", document["id"])
        elif number % 7 == 0:
            writer.update_document(**document)
    writer.commit(merge=False, optimize=optimize)
    return made


@pytest.mark.parametrize("kind", ["file", "ram"])
@pytest.mark.parametrize("optimize", [False, True])
def test_what_was_written_is_read(kind: str, optimize: bool, tmp_path: Path) -> None:
    """Postings of each format, stored values, columns and vectors: as on the stock codec."""
    documents = make_documents(60)
    ours = fill(storage_at(kind, tmp_path / "ours"), ArrayCodec(), documents, 3, optimize=optimize)
    stock = fill(storage_at(kind, tmp_path / "stock"), W3Codec(), documents, 3, optimize=optimize)
    with ours.reader() as our_reader, stock.reader() as stock_reader:
        said, expected = said_by(our_reader), said_by(stock_reader)
        assert len(expected["vectors"]) > 30
        for part in expected:
            assert said[part] == expected[part], part
        assert columns_of(our_reader) == columns_of(stock_reader)
        assert all(isinstance(leaf.segment(), ArraySegment) for leaf, _ in our_reader.leaf_readers())


def test_lengths_are_exact(tmp_path: Path) -> None:
    """The stock codec rounds them to 256 steps."""
    made = storage_at("file", tmp_path / "ours").create_index(fields.Schema(text=fields.TEXT(analyzer=PLAIN)))
    wanted = [1, 9, 100, 1000, 70_001]
    with made.writer(codec=ArrayCodec()) as writer:
        for length in wanted:
            writer.add_document(text="ann " * length)
    with made.reader() as reader:
        assert [reader.doc_field_length(number, "text") for number in range(len(wanted))] == wanted
        assert reader.field_length("text") == sum(wanted)
        info = reader.term_info("text", b"ann")
        assert (info.min_length(), info.max_length(), info.weight()) == (1, 70_001, sum(wanted))


def arrays_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh.codec, "default_codec", ArrayCodec)


@pytest.mark.parametrize("multisegment", [False, True])
def test_several_processes(multisegment: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays_by_default(monkeypatch)
    documents = make_documents(50)
    made = storage_at("file", tmp_path / "ours").create_index(make_schema())
    writer = MpWriter(made, procs=2, batchsize=10, multisegment=multisegment, codec=ArrayCodec())
    for document in documents:
        writer.add_document(**document)
    writer.commit()
    once = fill_once(storage_at("file", tmp_path / "once"), documents)
    with made.reader() as reader, once.reader() as expected:
        assert said_by(reader) == said_by(expected)
        assert columns_of(reader) == columns_of(expected)


def fill_once(storage: Storage, documents: list[dict[str, Any]]) -> FileIndex:
    made = storage.create_index(make_schema())
    with made.writer(codec=ArrayCodec()) as writer:
        for document in documents:
            writer.add_document(**document)
    return made


def test_a_buffered_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays_by_default(monkeypatch)
    """It keeps documents in a codec of Whoosh's own that mixes up columns, so there are none of them here."""
    names = {"id", "kept", *FORMATS}
    documents = [{name: value for name, value in row.items() if name in names} for row in make_documents(30)]
    made = storage_at("file", tmp_path / "ours").create_index(make_schema())
    writer = BufferedWriter(made, period=None, limit=7)
    for document in documents:
        writer.update_document(**document)
    writer.close()
    once = fill_once(storage_at("file", tmp_path / "once"), documents)
    with made.reader() as reader, once.reader() as expected:
        assert said_by(reader) == said_by(expected)


class _Odd:
    """What only a program that knows this class could read."""


@pytest.mark.parametrize("value", [_Odd(), [_Odd()], {"a": object()}, lambda: 1])
def test_a_value_that_cannot_be_stored_is_refused_by_name_and_costs_nothing_else(value: object, tmp_path: Path) -> None:
    made = storage_at("file", tmp_path / "ours").create_index(fields.Schema(id=fields.ID, kept=fields.STORED))
    writer = made.writer(codec=ArrayCodec())
    writer.add_document(id="one", kept="first")
    with pytest.raises(TypeError, match=r"the field 'kept' of document 1: .*cannot be stored"):
        writer.add_document(id="two", kept=value)
    writer.add_document(id="three", kept="third")
    writer.commit()
    with made.reader() as reader:
        assert [stored["kept"] for stored in reader.all_stored_fields()] == ["first", "third"]


def test_nothing_is_pickled_in_our_files(tmp_path: Path) -> None:
    """But for what a format or a column of Whoosh itself pickles."""
    made = storage_at("file", tmp_path / "ours").create_index(
        fields.Schema(id=fields.ID(stored=True), text=fields.TEXT(phrase=False), size=fields.NUMERIC(sortable=True))
    )
    with made.writer(codec=ArrayCodec()) as writer:
        writer.add_document(id="one", text="ann bob ann", size=5)
    names = sorted(path.suffix for path in (tmp_path / "ours").glob("MAIN_*.*"))
    assert names == [".doc", ".trm"]
    for path in (tmp_path / "ours").glob("MAIN_*.*"):
        assert b"\x80\x02" not in path.read_bytes()


# What another program does to an index of ours

SHELF = Source("shelf", folder="papers")


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    """Three reports, one of them written twice and one deleted: two segments."""
    settings = load_settings(tmp_path, {})
    (tmp_path / "papers").mkdir()
    put(settings, "one.txt", "Brick kilns are hot. Bonded labourers work there.")
    put(settings, "two.txt", "Carpet looms.")
    pipeline.update(settings, [SHELF])
    put(settings, "three.txt", "Tea estates and kilns.")
    (tmp_path / "papers" / "two.txt").unlink()
    pipeline.update(settings, [SHELF])
    assert len(segments(settings)) == 2
    return settings


def put(settings: Settings, name: str, text: str) -> None:
    (settings.folder / "papers" / name).write_text(text, encoding="utf-8")


def segments(settings: Settings) -> list[Any]:
    toc = read_toc(settings.index_folder)
    assert toc is not None
    return list(toc.segments)


def answers(settings: Settings, text: str, **options: Any) -> dict[str, list[str]]:
    """What the reports that are found say, by identity."""
    with open_collection(settings.folder) as collection:
        return {hit.id: [snippet.text for snippet in hit.snippets] for hit in collection.search(text, **options)}


def stranger(settings: Settings) -> IndexWriter:
    return index.open_dir(str(settings.index_folder)).writer()


CODECS = pytest.mark.parametrize("codec_class", [W3Codec, ArrayCodec], ids=["stock", "arrays"])


@CODECS
def test_an_index_that_another_program_optimized_still_answers(
    codec_class: type, shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(shelf, "kilns")
    assert before == {
        "papers/one.txt": ["Brick kilns are hot. Bonded labourers work there."],
        "papers/three.txt": ["Tea estates and kilns."],
    }
    phrase = answers(shelf, '"bonded labourers"', filters={"source": ["shelf"]})
    monkeypatch.setattr(whoosh.codec, "default_codec", codec_class)
    stranger(shelf).commit(optimize=True)
    (left,) = segments(shelf)
    assert isinstance(left, W3Segment if codec_class is W3Codec else ArraySegment)
    assert answers(shelf, "kilns") == before
    assert answers(shelf, '"bonded labourers"', filters={"source": ["shelf"]}) == phrase != {}
    with open_collection(shelf.folder) as collection:
        report = collection.report("papers/one.txt")
        assert [page.text for page in report.pages] == ["Brick kilns are hot. Bonded labourers work there."]


@CODECS
def test_we_write_beside_what_another_program_wrote(
    codec_class: type, shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its segment is left as it is, but for what is deleted in it."""
    with monkeypatch.context() as patch:
        patch.setattr(whoosh.codec, "default_codec", codec_class)
        stranger(shelf).commit(optimize=True)
    (foreign,) = segments(shelf)
    put(shelf, "one.txt", "Quarries.")
    for number in range(8):
        put(shelf, f"more{number}.txt", f"More about kilns, part {number}.")
        pipeline.update(shelf, [SHELF])
    kept = [segment for segment in segments(shelf) if segment.segment_id() == foreign.segment_id()]
    assert [(segment.doc_count_all(), segment.doc_count()) for segment in kept] == [(2, 1)]
    assert len(segments(shelf)) < 6
    assert set(answers(shelf, "quarries")) == {"papers/one.txt"}
    assert set(answers(shelf, "hot")) == set()
    assert set(answers(shelf, "kilns")) == {"papers/three.txt", *(f"papers/more{number}.txt" for number in range(8))}


def test_a_segment_that_whoosh_wrote_has_no_passages(shelf: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    had = [SegmentReader.open(shelf.index_folder, segment.segment_id()).has_passages for segment in segments(shelf)]
    arrays_by_default(monkeypatch)
    stranger(shelf).commit(optimize=True)
    (left,) = segments(shelf)
    reader = SegmentReader.open(shelf.index_folder, left.segment_id())
    assert (had, reader.has_passages) == ([True, True], False)
    assert not list(reader.documents.damaged())
    assert not list(reader.terms.damaged())
    files = {suffix: (shelf.index_folder / left.make_filename(suffix)).stat().st_size for suffix in (".doc", ".trm")}
    assert left.sizes == files


@CODECS
def test_what_another_program_wrote_is_read_as_ours(
    codec_class: type, shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With passages, positions and the words as they were written."""
    monkeypatch.setattr(whoosh.codec, "default_codec", codec_class)
    stranger(shelf).commit(optimize=True)
    writer = stranger(shelf)
    writer.delete_by_query(query.Term("id", "papers/three.txt"))
    writer.commit(merge=False)
    toc = read_toc(shelf.index_folder)
    assert toc is not None
    (segment,) = toc.segments
    reader = open_as_ours(shelf.index_folder, toc, segment)
    assert reader.doc_count == segment.doc_count_all() == 2
    (left,) = set(range(2)) - set(segment.deleted_docs())
    (page,) = reader.passages.pages(left)
    assert page.text == "Brick kilns are hot. Bonded labourers work there."
    assert reader.stored(left)["record"]["id"] == "papers/one.txt"
    lexicon = reader.lexicon("body")
    assert lexicon is not None
    number = lexicon.find(b"labour")
    assert number is not None
    assert lexicon.surfaces(number) == [b"labourers"]
    positions = lexicon.posting(number).positions()
    assert positions is not None
    assert positions.tolist() == [5]
    assert lexicon.find(b"tea") is None


def test_another_program_deletes_in_our_segments(shelf: Settings) -> None:
    writer = stranger(shelf)
    assert writer.delete_by_query(query.Term("id", "papers/one.txt")) == 1
    writer.commit(merge=False)
    assert all(isinstance(segment, ArraySegment) for segment in segments(shelf))
    assert set(answers(shelf, "kilns")) == {"papers/three.txt"}


def test_a_column_that_another_program_adds(shelf: Settings) -> None:
    writer = stranger(shelf)
    add_sortable(writer, "id", FieldFacet("id"))
    writer.commit(merge=False)
    with index.open_dir(str(shelf.index_folder)).searcher() as searcher:
        assert searcher.reader().has_column("id")
        found = searcher.search(query.Every(), sortedby="id", reverse=True)
        assert [hit["record"]["id"] for hit in found] == ["papers/three.txt", "papers/one.txt"]


def test_a_table_of_contents_that_another_program_wrote_is_told_from_a_damaged_one(shelf: Settings) -> None:
    ours = toc_path(shelf.index_folder, latest_generation(shelf.index_folder) or 0)
    whole = ours.read_bytes()
    for length in (1, 15, 17, len(whole) // 2):
        ours.write_bytes(whole[:-length])
        with pytest.raises(IndexFormatError, match=re.escape(ours.name)):
            read_toc(shelf.index_folder)
    ours.write_bytes(whole)
    stranger(shelf).commit(merge=False)
    toc = read_toc(shelf.index_folder)
    assert toc is not None
    assert not toc.has_checksum
