"""Web pages.

markup        bytes → characters → tree
main_content  what the page's main element shows, without menus and footers
reading       the page as a document
page_claims   what the page says of the report; json_ld, the objects in its scripts
pdf_links     the PDFs that belong to the page
"""

from .markup import decoded_markup, parsed
from .reading import extract_html

__all__ = ["decoded_markup", "extract_html", "parsed"]
