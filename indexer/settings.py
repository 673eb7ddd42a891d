"""`reports.toml` and the environment as frozen values.

Flags win over the environment, the environment over the file. Every message names the file, the key and the remedy.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .errors import SettingsError
from .languages import why_no_language
from .urls import is_url, why_no_place, why_no_url

__all__ = ["CONFIG_NAME", "STATE_NAME", "Limits", "Settings", "Source", "load_settings"]

CONFIG_NAME = "reports.toml"
STATE_NAME = ".reportsearch"
_ENVIRONMENT_PREFIX = "REPORTSEARCH_"


@dataclass(frozen=True, slots=True)
class Source:
    """Where reports come from: a listing page (URL or saved file) or a folder.

    `base_url` is what the links of a saved listing are relative to, "" for its own path. The selectors are CSS; an
    empty one means that the place is found by itself.
    """

    name: str
    listing: str = ""
    folder: str = ""
    base_url: str = ""
    item: str = ""
    title: str = ""
    summary: str = ""
    link: str = ""
    date: str = ""
    next: str = ""

    @property
    def location(self) -> str:
        return self.listing or self.folder


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file, page or site may cost."""

    extract_seconds: float = 120.0
    extract_memory_mb: int = 1500
    max_bytes: int = 200_000_000
    max_pages_of_listing: int = 200
    max_files_per_report: int = 25
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    total_timeout_s: float = 300.0
    workers: int = 2


_MOST_SECONDS = 604_800  # a week; the clocks of threads and sockets overflow at some point beyond
_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "extract_seconds": (0.001, _MOST_SECONDS),
        "extract_memory_mb": (60, 1_048_576),  # with less a worker cannot even load the readers
        "max_bytes": (1, 1_099_511_627_776),
        "max_pages_of_listing": (1, 100_000),
        "max_files_per_report": (1, 10_000),
        "connect_timeout_s": (0.001, _MOST_SECONDS),
        "read_timeout_s": (0.001, _MOST_SECONDS),
        "total_timeout_s": (0.001, _MOST_SECONDS),
        "workers": (1, 64),  # each is a process
    }
)
"""The least and the most that each limit may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One collection: `folder` is where its `reports.toml` and `.reportsearch/` lie."""

    folder: Path
    name: str = ""
    language: str = "en"
    contact: str = ""
    sources: tuple[Source, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def state_folder(self) -> Path:
        return self.folder / STATE_NAME

    @property
    def index_folder(self) -> Path:
        return self.state_folder / "index"


def load_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the collection in `folder`; defaults where it has no `reports.toml`.

    Raises SettingsError for a file that cannot be read, is no TOML, or says something that is not known.
    """
    path = folder / CONFIG_NAME
    reader = _Reader(path)
    document = reader.document()
    reader.refuse_unknown(document, {"collection", "source", "limits"}, "")
    collection = reader.table(document, "collection")
    reader.refuse_unknown(collection, {"name", "language", "contact"}, "collection.")
    settings = Settings(
        folder=folder.resolve(),
        name=reader.text(collection, "name", "collection.", ""),
        language=reader.text(collection, "language", "collection.", "en"),
        contact=reader.text(collection, "contact", "collection.", ""),
        sources=reader.sources(document),
        limits=reader.limits(document),
    )
    settings = _from_environment(settings, environment)
    if reason := why_no_language(settings.language):
        raise reader.error("collection.language", reason)
    return settings


def _from_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """REPORTSEARCH_NAME, _LANGUAGE, _CONTACT, and each limit by its name, over what the file says."""
    texts: dict[str, Any] = {
        key: environment[_ENVIRONMENT_PREFIX + key.upper()]
        for key in ("name", "language", "contact")
        if _ENVIRONMENT_PREFIX + key.upper() in environment
    }
    limits: dict[str, Any] = {}
    for limit in fields(Limits):
        variable = _ENVIRONMENT_PREFIX + limit.name.upper()
        if variable in environment:
            try:
                limits[limit.name] = (float if limit.type is float else int)(environment[variable])
            except ValueError:
                limits[limit.name] = None
            if not _fits(limit, limits[limit.name]):
                raise SettingsError(
                    f"{variable}={environment[variable]!r} in the environment is no {_range_of(limit)}: "
                    "mend or unset it.",
                    key=variable,
                )
    return replace(settings, **texts, limits=replace(settings.limits, **limits))


def _fits(limit: Field[Any], value: Any) -> bool:
    """Whether a value is of the limit's kind and within its range."""
    least, most = _RANGES[limit.name]
    is_number = isinstance(value, int if limit.type is int else (int, float)) and not isinstance(value, bool)
    return is_number and least <= value <= most


def _range_of(limit: Field[Any]) -> str:
    least, most = _RANGES[limit.name]
    return f"{'whole ' * (limit.type is int)}number from {least:.12g} to {most:.12g}"


class _Reader:
    """Reads one file, and knows how to say where it is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, key: str, message: str) -> SettingsError:
        return SettingsError(f"{self.path}: {key}: {message}.", path=str(self.path), key=key)

    def document(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{self.path} is not valid TOML: {error}. Mend that line, or move the file away and type "
                "`reportsearch init` for a fresh one.",
                path=str(self.path),
            ) from error
        except OSError as error:
            raise SettingsError(
                f"{self.path} cannot be read: {error.strerror}. Check who may read it.", path=str(self.path)
            ) from error

    def refuse_unknown(self, table: Mapping[str, Any], known: set[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                from difflib import get_close_matches  # noqa: PLC0415  a search does not load it for an error

                near = get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
                raise self.error(prefix + key, f"unknown setting; {hint}")

    def table(self, document: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table: write [{key}]")
        return value

    def text(self, table: Mapping[str, Any], key: str, prefix: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self.error(prefix + key, f"must be text in quotes, and is {value!r}")
        return value

    def limits(self, document: Mapping[str, Any]) -> Limits:
        table = self.table(document, "limits")
        known = {limit.name: limit for limit in fields(Limits)}
        self.refuse_unknown(table, set(known), "limits.")
        for key, value in table.items():
            if not _fits(known[key], value):
                raise self.error(f"limits.{key}", f"must be a {_range_of(known[key])}, and is {value!r}")
        return Limits(**table)

    def sources(self, document: Mapping[str, Any]) -> tuple[Source, ...]:
        tables = document.get("source", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error("source", "must be a list of tables: write [[source]]")
        sources = tuple(self.source(table, f"source[{n}].") for n, table in enumerate(tables, 1))
        names = [source.name for source in sources]
        for name in names:
            if names.count(name) > 1:
                raise self.error("source", f"two sources are named {name!r}: give each a name of its own")
        return sources

    def source(self, table: Mapping[str, Any], prefix: str) -> Source:
        known = [source_field.name for source_field in fields(Source)]
        self.refuse_unknown(table, set(known), prefix)
        source = Source(**{key: self.text(table, key, prefix, "") for key in known})
        if bool(source.listing) == bool(source.folder):
            raise self.error(prefix.rstrip("."), "needs either listing = … or folder = …, and not both")
        self.refuse_misplaced(source, prefix)
        return source if source.name else replace(source, name=source.location)

    def refuse_misplaced(self, source: Source, prefix: str) -> None:
        """Raises SettingsError where the source can never be read, whatever stands there."""
        key = "listing" if source.listing else "folder"
        if reason := why_no_place(source.location):
            raise self.error(prefix + key, reason)
        if is_url(source.folder):
            raise self.error(prefix + key, f"{source.folder!r} is an address: write listing = …")
        if not source.base_url:
            return
        if source.folder or is_url(source.listing):
            raise self.error(prefix + "base_url", "is for a saved listing alone: take it out")
        if reason := why_no_url(source.base_url):
            raise self.error(prefix + "base_url", reason)
