"""The one way to a file or page: what may be read from where, and its bytes.

Within a run every location is a URI (http, https or file). What is kept is portable: a URL stays, a path is written
relative to the collection's folder where it lies in it, in characters that can be stored.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .errors import FetchError
from .extract.raw import Raw
from .fetch import Fetcher
from .settings import Settings
from .urls import canonical_url, file_uri, is_url, local_path, storable

__all__ = ["Access", "Opened"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file or page, ready to be extracted; equal fingerprints, equal bytes. `location` is where it was found in the
    end (after redirects)."""

    location: str
    fingerprint: str
    raw: Raw


class Access:
    """Reads for one collection: local files below its folder or the listing's, and the web by a polite fetcher."""

    def __init__(self, settings: Settings, fetcher: Fetcher) -> None:
        self.settings = settings
        self._fetcher = fetcher

    def close(self) -> None:
        """Ends what is being fetched, and lets nothing more be."""
        self._fetcher.close()

    def locate(self, place: str) -> str:
        """The URI of what a person wrote: a URL, or a path relative to the collection's folder."""
        if is_url(place):
            return place
        return file_uri(self._absolute(Path(os.path.expanduser(place))))  # noqa: PTH111  Path's raises for ~nobody

    def identity(self, location: str) -> str:
        """What tells reports apart: the canonical URL, or the path within the collection.

        Raises ValueError for what is no http, https or file address.
        """
        return canonical_url(location) if is_url(location) else self._within(local_path(location))

    def portable(self, location: str) -> str:
        """The location as it is kept and shown: paths relative where they lie in the collection, all else as it is."""
        if is_url(location):
            return location
        try:
            path = local_path(location)
        except ValueError:
            return storable(location)
        return self._within(path)

    def _within(self, path: Path) -> str:
        folder = self.settings.folder
        return storable((path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix())

    def open(self, location: str, *, referrer: str | None = None) -> Opened:
        """What stands at a URI that the page `referrer` links to, or that a person named. Raises FetchError."""
        self.check(location, referrer)
        return self._fetch(location) if is_url(location) else self._stat(local_path(location), location)

    def check(self, location: str, referrer: str | None) -> None:
        """Raises FetchError for what must not be opened: a web page never leads to a local file, and a saved page only
        to files in the collection or beside and below itself. What a person named (no referrer) may be anywhere."""
        if is_url(location):
            return
        try:
            path = local_path(location)
        except ValueError as error:
            raise FetchError("bad_url", "This is no http, https or file address.", location=location) from error
        if referrer is not None:
            self._refuse_outside(path, location, referrer)

    def leads_outside(self, path: Path, room: Path) -> bool:
        """Whether a path, its links followed, ends neither in the collection's folder nor below `room`."""
        return not any(_real(path).is_relative_to(place) for place in (self.settings.folder, _real(room)))

    def _fetch(self, location: str) -> Opened:
        response = self._fetcher.fetch(location)
        raw = Raw(
            location=response.url,
            data=response.data,
            declared_type=response.media_type,
            charset=response.charset,
            max_bytes=self.settings.limits.max_bytes,
        )
        return Opened(response.url, sha256(response.data).hexdigest(), raw)

    def _stat(self, path: Path, location: str) -> Opened:
        try:
            stat = path.stat()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise FetchError("unreadable", f"Cannot be opened: {reason}.", location=self.portable(location)) from error
        fingerprint = f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"
        return Opened(location, fingerprint, Raw(location, path=path, max_bytes=self.settings.limits.max_bytes))

    def _refuse_outside(self, path: Path, location: str, referrer: str) -> None:
        if is_url(referrer):
            raise FetchError("bad_url", "A web page links to a local file.", location=location)
        if self.leads_outside(path, local_path(referrer).parent):
            raise FetchError("outside", "A saved page links to a file elsewhere.", location=location)

    def _absolute(self, path: Path) -> Path:
        # os.path.abspath, not resolve(): a link's own name is what people know the file by
        return Path(os.path.abspath(self.settings.folder / path))  # noqa: PTH100


def _real(path: Path) -> Path:
    """The path with its links followed as far as they lead; Path.resolve raises where they lead in a circle."""
    return Path(os.path.realpath(path))
