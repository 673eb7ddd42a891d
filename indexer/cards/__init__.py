"""A listing page read: its cards, found by themselves, and the page that follows. HTML in, values out; no network.

outline      the page as flat arrays, without menus and footers
anchors      what each link is for: title, read more, topic, author, file
evidence     what stands where: text, headings, dates
groups       repeated structures, and which of them is the listing
lines        the lines of a card, and which of them is an unmarked title
rating       what a member of a group is worth
lead         the first card, where it has a markup of its own
reading      one member of the group as a card
tables       the columns of a table by their header
pagination   the following page
find         all of it together, with the selectors of the settings
"""

from .find import ListingPage, find_cards
from .reading import Card

__all__ = ["Card", "ListingPage", "find_cards"]
