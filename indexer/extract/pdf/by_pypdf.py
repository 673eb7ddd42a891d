"""A PDF read with pypdf: slow, but in Python alone, for files that PDFium cannot open or that crash it."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ...errors import ExtractError
from .reading import MAX_PAGES, PdfPageReading, PdfReading

__all__ = ["read_with_pypdf"]

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_INFO_KEYS = ("Title", "Author", "Subject", "Keywords", "CreationDate")


def read_with_pypdf(data: bytes, *, location: str) -> PdfReading:
    """Every page as pypdf reads it, without the outline. Raises ExtractError (encrypted, broken)."""
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError("encrypted", "The PDF is encrypted.", location=location)
        page_count = len(reader.pages)
    except (DependencyError, FileNotDecryptedError) as error:
        raise ExtractError("encrypted", "The PDF is encrypted.", location=location) from error
    except (ExtractError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes pypdf raise whatever it comes across
        raise ExtractError(
            "broken", f"pypdf cannot open the file ({type(error).__name__}).", location=location
        ) from error
    no_labels: list[str] = []
    no_info: dict[str, str] = {}
    labels = _attempt(lambda: _labels(reader), no_labels)
    pages = tuple(
        _page(reader, index, labels[index] if index < len(labels) else "")
        for index in range(min(page_count, MAX_PAGES))
    )
    info = _attempt(lambda: _info(reader), no_info)
    language = _attempt(lambda: str(reader.root_object.get("/Lang") or ""), "")
    return PdfReading(pages, info, language, page_count)


def _page(reader: PdfReader, index: int, label: str) -> PdfPageReading:
    text = _attempt(lambda: reader.pages[index].extract_text(), None)
    return PdfPageReading(text or "", label, failed=text is None)


def _labels(reader: PdfReader) -> list[str]:
    return reader.page_labels if "/PageLabels" in reader.root_object else []


def _info(reader: PdfReader) -> dict[str, str]:
    info = reader.metadata
    if info is None:
        return {}
    return {key: str(info.get(f"/{key}") or "") for key in _INFO_KEYS}


def _attempt(read: Callable[[], _T], otherwise: _T) -> _T:
    """What `read` gives, or `otherwise` where this part of the file is damaged: the others may be sound."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged file makes pypdf raise whatever it comes across
        _log.debug("pypdf: %r", error)
        return otherwise
