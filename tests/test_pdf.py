"""Real PDFs, sound and damaged, read by page; and what stands where a PDF should be."""

import datetime
import hashlib
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter

from reportsearch.indexer.errors import ExtractError, FetchError, ReadError
from reportsearch.indexer.extract.document import extract
from reportsearch.indexer.extract.metadata import resolve
from reportsearch.indexer.extract.pdf import extract_pdf
from reportsearch.indexer.extract.pdf.info import info_claims
from reportsearch.indexer.extract.raw import Raw
from reportsearch.indexer.report import Document, Origin, PublicationDate

TODAY = datetime.date(2026, 6, 30)
PARAGRAPH = "Children who are moved across a border without papers are at risk of being exploited. "


def made(*pages: str) -> FPDF:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, text=text, new_x="LMARGIN", new_y="NEXT")
    return pdf


def as_bytes(pdf: FPDF | PdfWriter) -> bytes:
    if isinstance(pdf, FPDF):
        return bytes(pdf.output())
    stream = BytesIO()
    pdf.write(stream)
    return stream.getvalue()


def by_hand(content: bytes, encoding: bytes) -> bytes:
    """A PDF of one page with this content stream, in Helvetica with this /Encoding."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding %b >>" % encoding,
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    xref = b"xref\n0 6\n0000000000 65535 f \n" + table
    return data + xref + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)


def noise(size: int) -> bytes:
    return hashlib.shake_256(b"noise").digest(size)


def picture() -> Image.Image:
    return Image.frombytes("L", (60, 80), noise(60 * 80))


def read(data: bytes) -> Document:
    return extract_pdf(data, location="report.pdf")


def failure(data: bytes, location: str = "report.pdf", **raw: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        extract(Raw(location, data=data, **raw))  # type: ignore[arg-type]
    return caught.value


def test_pages_are_numbered_from_one() -> None:
    data = as_bytes(made("First page.", "", "Third page."))
    document = read(data)
    assert [(page.number, page.text, page.label) for page in document.pages] == [
        (1, "First page.", ""),
        (2, "", ""),
        (3, "Third page.", ""),
    ]
    file = document.file
    assert (file.location, file.media_type, file.pages, file.scanned_pages) == (
        "report.pdf",
        "application/pdf",
        3,
        0,
    )
    assert (file.sha256, file.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert document.remarks == ()


def test_printed_labels() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for style, start in (("r", 1), ("r", None), ("D", 37), ("D", None)):
        pdf.add_page(label_style=style, label_start=start)
        pdf.cell(text="words")
    assert [page.label for page in read(as_bytes(pdf)).pages] == ["i", "ii", "37", "38"]


def test_headings_come_from_the_outline() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for number in (1, 2):
        pdf.add_page()
        pdf.start_section(f"Chapter {number}")
        pdf.cell(text=f"Chapter {number}", new_x="LMARGIN", new_y="NEXT")
        pdf.start_section("Findings", level=1)
        pdf.cell(text="Findings")
    assert [page.headings for page in read(as_bytes(pdf)).pages] == [
        ("Chapter 1", "Findings"),
        ("Chapter 2", "Findings"),
    ]


def test_marks_that_word_leaves_are_no_headings() -> None:
    writer = PdfWriter(clone_from=BytesIO(as_bytes(made("words"))))
    for title in ("_GoBack", "_ENREF_1", "12", "Method"):
        writer.add_outline_item(title=title, page_number=0)
    assert read(as_bytes(writer)).pages[0].headings == ("Method",)


def test_ligatures_are_spelt_out() -> None:
    content = b"BT /F1 12 Tf 72 700 Td (\x01nal o\x02ce tra\x03cking) Tj ET"
    encoding = b"<< /Type /Encoding /Differences [1 /fi 2 /ffi 3 /ffi] >>"
    assert read(by_hand(content, encoding)).pages[0].text == "final office trafficking"


def test_words_cut_at_a_line_end_are_joined() -> None:
    lines = "On child traffick-\ning, on anti-\ntrafficking law, in 2016-\n17 and UK-\nBased. Anti-trafficking too."
    text = read(as_bytes(made(lines))).pages[0].text
    for whole in ("child trafficking, on", "anti-trafficking law", "2016-17", "UK-Based"):
        assert whole in text


def test_text_outside_of_the_page_is_not_read() -> None:
    content = b"BT /F1 12 Tf 72 700 Td (inside) Tj 2000 0 Td (outside) Tj ET"
    assert read(by_hand(content, b"/WinAnsiEncoding")).pages[0].text == "inside"


def test_the_document_information_is_claimed() -> None:
    pdf = made("words")
    pdf.set_title("Missing from care")
    pdf.set_author("Jane Doe, John Roe and Mary Poe; Ministry of Justice and Home Affairs")
    pdf.set_subject("What happens to children who go missing from care.")
    pdf.set_keywords("care; child trafficking; care")
    pdf.set_creation_date(datetime.datetime(2016, 11, 1, 12, tzinfo=datetime.UTC))
    pdf.set_lang("en-GB")
    claims = read(as_bytes(pdf)).claims
    assert {claim.origin for claim in claims} == {Origin.PDF_INFO}
    assert {claim.field: claim.value for claim in claims} == {
        "title": "Missing from care",
        "authors": ("Jane Doe", "John Roe", "Mary Poe", "Ministry of Justice and Home Affairs"),
        "summary": "What happens to children who go missing from care.",
        "topics": ("care", "child trafficking"),
        "date": PublicationDate(2016, 11, 1),
        "language": "en-GB",
    }


def covered(*lines: tuple[int, str], title: str = "Microsoft Word - final_v3.docx") -> Document:
    """A PDF of one page, with these lines in these sizes above a paragraph in small print."""
    pdf = FPDF()
    pdf.set_title(title)
    pdf.add_page()
    for size, text in (*lines, (11, PARAGRAPH * 4)):
        pdf.set_font("Helvetica", size=size)
        pdf.multi_cell(0, text=text, new_x="LMARGIN", new_y="NEXT")
    return read(as_bytes(pdf))


def title_of(document: Document) -> tuple[str, Origin | None]:
    values, origins = resolve(document.claims, today=TODAY)
    return values.get("title", ""), origins.get("title")


def test_what_is_set_largest_is_the_title_where_the_information_names_none() -> None:
    document = covered((14, "Sample Shelf"), (30, "Children on brick kilns and in carpet looms"), (16, "May 2016"))
    assert title_of(document) == ("Children on brick kilns and in carpet looms", Origin.HEADLINE)


def test_a_title_of_the_information_is_believed_before_what_is_set_largest() -> None:
    document = covered((30, "Annual report of the year"), title="Children on brick kilns")
    assert title_of(document) == ("Children on brick kilns", Origin.PDF_INFO)


@pytest.mark.parametrize(
    "lines",
    [
        (),  # one size
        ((60, "2016"),),  # no words
        ((12, "A little larger than the text"),),
        ((30, "R E P O R T   O F   M A Y"),),
        ((30, "So much stands here in large letters that it is the text of the page and no title. " * 2),),
        ((11, "\n" * 50), (30, "Far down on the page")),
        ((30, "Untitled document"),),  # junk, as in the information
    ],
)
def test_what_does_not_stand_out_is_no_title(lines: tuple[tuple[int, str], ...]) -> None:
    assert title_of(covered(*lines)) == ("", None)


def claimed(info: Mapping[str, str], language: str = "") -> dict[str, object]:
    return {claim.field: claim.value for claim in info_claims(info, language, today=TODAY)}


@pytest.mark.parametrize(
    "title",
    [
        *(
            "",
            " ",
            "Microsoft Word - Report final.doc",
            "Untitled",
            "untitled-1",
            "report_v3.indd",
            "annual report.docx",
        ),
        *(
            "Slide 1",
            "PowerPoint Presentation",
            "Présentation PowerPoint",
            "20160113",
            "report_v3",
            "U",
            "A4",
            "-",
        ),
        *(r"C:\Users\jane\report 3.doc", "https://example.org/a", "\0\0", "x" * 1000),
    ],
)
def test_junk_titles_are_not_claimed(title: str) -> None:
    assert claimed({"Title": title}) == {}


@pytest.mark.parametrize("title", ["Untitled lives: children without papers", "年報", "On the record"])
def test_titles_that_look_odd_are_claimed(title: str) -> None:
    assert claimed({"Title": title}) == {"title": title}


@pytest.mark.parametrize("author", ["", "admin", "Windows User", "Microsoft Office User", "jsmith", "DELL", "?"])
def test_no_authors_are_not_claimed(author: str) -> None:
    assert claimed({"Author": author}) == {}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("D:20161101123456+01'00'", PublicationDate(2016, 11, 1)),
        ("20161101", PublicationDate(2016, 11, 1)),
        ("2016-11-01T10:00:00", PublicationDate(2016, 11, 1)),
        ("D:201611", PublicationDate(2016, 11)),
        ("D:2016", PublicationDate(2016)),
        ("D:20260701", PublicationDate(2026, 7, 1)),  # tomorrow: it is that day somewhere
        ("D:20260702", None),
        ("D:18991231", None),
        ("D:20161301", None),
        ("D:00000101", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_creation_dates(text: str, date: PublicationDate | None) -> None:
    assert claimed({"CreationDate": text}) == ({"date": date} if date else {})


@pytest.mark.parametrize(("tag", "language"), [("EN-us", "en-us"), ("fr", "fr"), ("und", ""), ("English!", "")])
def test_languages(tag: str, language: str) -> None:
    assert str(claimed({}, tag).get("language", "")).lower() == language


def test_subjects_that_are_no_sentence_are_not_claimed() -> None:
    assert claimed({"Subject": "Annual report"}) == {}


def encrypted(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(as_bytes(made("Secret words.")))))
    writer.encrypt(user_password, "owner", algorithm="RC4-128")
    return as_bytes(writer)


@pytest.mark.parametrize("native", [True, False])
def test_a_user_password_keeps_it_shut(native: bool) -> None:
    with pytest.raises(ExtractError) as caught:
        extract_pdf(encrypted("user"), location="report.pdf", native=native)
    assert caught.value.status == "encrypted"


@pytest.mark.parametrize("native", [True, False])
def test_an_owner_password_does_not(native: bool) -> None:
    assert "Secret words." in extract_pdf(encrypted(""), location="report.pdf", native=native).pages[0].text


def test_pypdf_reads_where_pdfium_may_not() -> None:
    pdf = made("First page.", "Second page.")
    pdf.set_title("Missing from care")
    document = extract_pdf(as_bytes(pdf), location="report.pdf", native=False)
    assert [(page.number, page.text) for page in document.pages] == [(1, "First page."), (2, "Second page.")]
    assert "Missing from care" in [claim.value for claim in document.claims]


def test_half_a_file_is_truncated() -> None:
    data = as_bytes(made(*[PARAGRAPH * 10] * 20))
    try:
        document = read(data[: len(data) // 2])
    except ExtractError as error:
        assert error.status == "truncated"
    else:
        assert "truncated" in [remark.status for remark in document.remarks]
        assert any(page.text for page in document.pages)


@pytest.mark.parametrize("size", [5, 20, 200])
def test_the_first_bytes_alone_are_truncated(size: int) -> None:
    assert failure(as_bytes(made("words"))[:size]).status == "truncated"


def test_noise_with_an_end_is_broken() -> None:
    assert failure(b"%PDF-1.4\n" + noise(20_000) + b"\n%%EOF\n").status == "broken"


def test_a_lost_cross_reference_table_is_repaired() -> None:
    data = as_bytes(made("Still here."))
    at = data.rindex(b"startxref")
    assert read(data[:at] + b"startxref\n7\n%%EOF\n").pages[0].text == "Still here."


def test_blank_pages_have_no_text() -> None:
    assert failure(as_bytes(made("", ""))).status == "no_text"


def scanned(pages: int) -> FPDF:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=8)
    for number in range(pages):
        pdf.add_page()
        pdf.image(picture(), x=0, y=0, w=pdf.w, h=pdf.h)
        if number == 1:
            pdf.text(10, 10, "p. 2")
    return pdf


def test_pictures_of_pages_are_scans() -> None:
    document = read(as_bytes(scanned(3)))
    assert [page.text for page in document.pages] == ["", "p. 2", ""]
    assert (document.file.pages, document.file.scanned_pages) == (3, 3)
    assert [remark.status for remark in document.remarks] == ["scanned"]
    assert "all 3 pages" in document.remarks[0].message


def test_scans_among_other_pages_are_named() -> None:
    pdf = scanned(1)
    pdf.add_page()
    pdf.image(picture(), x=10, y=100, w=50)
    pdf.cell(text=PARAGRAPH[:60])
    document = read(as_bytes(pdf))
    assert document.file.scanned_pages == 1
    assert "page 1 of 2" in document.remarks[0].message


@pytest.mark.slow
def test_five_hundred_pages() -> None:
    document = read(as_bytes(made(*(f"Page {number}. {PARAGRAPH * 3}" for number in range(1, 501)))))
    assert [page.number for page in document.pages] == list(range(1, 501))
    assert all(page.text.startswith(f"Page {page.number}. ") for page in document.pages)


# By its bytes, not by its name -------------------------------------------------------------------------


def test_a_pdf_with_another_name_is_read_as_a_pdf() -> None:
    document = extract(Raw("https://example.org/page.html", data=as_bytes(made("words")), declared_type="text/html"))
    assert document.file.media_type == "application/pdf"


def page(title: str, text: str) -> bytes:
    return f"<!doctype html><title>{title}</title><body><main><h1>{title}</h1><p>{text}</p></main>".encode()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 Not Found", "The file is gone."),
        ("Access denied", PARAGRAPH * 20),
        ("Log in", PARAGRAPH * 20),
        ("Sorry, this is unavailable", PARAGRAPH * 20),
        ("Welcome", "A short notice."),
        ("Welcome", ""),
    ],
)
def test_a_notice_that_stands_where_a_pdf_should_be(title: str, text: str) -> None:
    for location, declared in (
        ("https://example.org/r.PDF?v=2", ""),
        ("https://example.org/r", "application/pdf"),
    ):
        assert failure(page(title, text), location, declared_type=declared).status == "error_page"


def test_a_report_in_html_that_is_named_pdf_is_read() -> None:
    document = extract(Raw("https://example.org/r.pdf", data=page("Trial and error", PARAGRAPH * 80)))
    assert document.file.media_type == "text/html"


def test_a_page_with_the_name_of_a_page_may_be_short() -> None:
    assert extract(Raw("https://example.org/r", data=page("Not found in care", "A short notice."))).pages


def test_plain_text_is_read() -> None:
    assert extract(Raw("a.txt", data="naïve".encode("cp1252"), charset="windows-1252")).pages[0].text == "naïve"


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", "empty"), (b"PK\x03\x04\0\0\0\0", "unsupported"), (b"x" * 1001, "too_large")],
)
def test_what_is_not_read(data: bytes, status: str) -> None:
    with pytest.raises(ExtractError) as caught:
        extract(Raw("report.pdf", data=data, max_bytes=1000))
    assert caught.value.status == status


def test_files_are_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(as_bytes(made("words")))
    assert extract(Raw("report.pdf", path=path)).pages[0].text == "words"
    with pytest.raises(ExtractError, match="bytes") as caught:
        extract(Raw("report.pdf", path=path, max_bytes=100))
    assert caught.value.status == "too_large"


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero"), tmp_path / "absent.pdf", tmp_path / "nul\0.pdf"):
        with pytest.raises(FetchError) as caught:
            extract(Raw("report.pdf", path=path))
        assert caught.value.status == "unreadable"
