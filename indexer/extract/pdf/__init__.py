"""PDFs.

by_pdfium, by_pypdf   pages, labels, outline and information, by PDFium, and by pypdf where that gives up
reading               what both of them bring
info                  what the document information claims
headline              what is set largest on the first page
document              the PDF as a document, by page
"""

from .document import extract_pdf

__all__ = ["extract_pdf"]
