"""reports.toml and the environment: what is written counts, what is wrong is named."""

from dataclasses import fields
from pathlib import Path

import pytest

from reportsearch.indexer.errors import SettingsError
from reportsearch.indexer.settings import Limits, Source, load_settings


def write(folder: Path, text: str) -> Path:
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    return folder


def test_everything_that_can_be_written_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        [collection]
        name = "ECPAT UK"
        language = "pt-BR"
        contact = "search@example.org"
        [[source]]
        name = "web"
        listing = "https://example.org/reports"
        item = "article"
        next = "a.next"
        [[source]]
        folder = "papers/"
        [[source]]
        name = "saved"
        listing = "saved.html"
        base_url = "https://example.org/reports"
        [limits]
        extract_seconds = 5
        workers = 3
        """,
    )
    settings = load_settings(tmp_path, {})
    assert (settings.name, settings.language, settings.contact) == ("ECPAT UK", "pt-BR", "search@example.org")
    assert settings.sources == (
        Source("web", listing="https://example.org/reports", item="article", next="a.next"),
        Source("papers/", folder="papers/"),
        Source("saved", listing="saved.html", base_url="https://example.org/reports"),
    )
    assert (settings.limits.extract_seconds, settings.limits.workers) == (5, 3)
    assert settings.index_folder == tmp_path.resolve() / ".reportsearch" / "index"


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.sources == ()
    assert settings.language == "en"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, '[collection]\nlanguage = "fr"\n')
    environment = {"REPORTSEARCH_LANGUAGE": "de", "REPORTSEARCH_WORKERS": "7"}
    settings = load_settings(tmp_path, environment)
    assert settings.language == "de"
    assert settings.limits.workers == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[collection\nname = 1", "line 1"),
        ("[collection]\nname = 1", "collection.name"),
        ("[collection]\nnam = 'x'", "did you mean 'name'"),
        ("[colection]", "did you mean 'collection'"),
        ("[collection]\nlanguage = 'English!'", "language code"),
        ("[collection]\nlanguage = 'xx'", "no language of ISO 639-1"),
        ("[collection]\nlanguage = 'eng'", "write en"),
        ("[[source]]\nname = 'x'", r"source\[1\]: needs either listing"),
        ("[[source]]\nlisting = 'a'\nfolder = 'b'", "not both"),
        ("[[source]]\nfolder = 'a'\n[[source]]\nfolder = 'a'", "a name of its own"),
        ("source = 3", r"\[\[source\]\]"),
        ("collection = 3", r"\[collection\]"),
        ("[limits]\nworkers = 0", "whole number from 1 to 64, and is 0"),
        ("[limits]\ntotal_timeout_s = 1e308", "number from 0.001 to 604800"),
        ("[limits]\nread_timeout_s = inf", "number from 0.001 to 604800"),
        ("[limits]\nextract_memory_mb = 1", "from 60 to"),
        ("[[source]]\nlisting = 'http://[bad'", r"source\[1\].listing: 'http://\[bad' is no web address"),
        ("[[source]]\nlisting = 'ftp://example.org/a'", "write an http or https address"),
        ("[[source]]\nfolder = 'https://example.org/a'", "write listing ="),
        ('[[source]]\nfolder = "p\\u0000x"', "NUL"),
        ("[[source]]\nfolder = 'a'\nbase_url = 'https://example.org'", "saved listing alone"),
        ("[[source]]\nlisting = 'https://x.org'\nbase_url = 'https://example.org'", "saved listing alone"),
        ("[[source]]\nlisting = 'a.html'\nbase_url = 'nonsense'", "no http or https address"),
        ("[limits]\nworkers = 1.5", "whole number"),
        ("[limits]\nworkers = true", "whole number"),
        ("[limits]\nsparkle = 1", "known are"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(write(tmp_path, text), {})
    assert str(tmp_path / "reports.toml") in str(caught.value)
    assert caught.value.path == str(tmp_path / "reports.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports.toml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("value", ["lots", "0", "1" * 30, "nan"])
def test_a_limit_in_the_environment_that_is_no_number_is_named(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match=f"REPORTSEARCH_MAX_BYTES='{value}'.* whole number from 1 to"):
        load_settings(tmp_path, {"REPORTSEARCH_MAX_BYTES": value})


def test_every_limit_has_a_range_that_its_default_fits(tmp_path: Path) -> None:
    for limit in fields(Limits):
        assert load_settings(tmp_path, {f"REPORTSEARCH_{limit.name.upper()}": str(limit.default)}).limits == Limits()
