"""Text to terms: what is a word, and which words mean the same."""

import random
import unicodedata
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsearch.indexer.analysis import CodePoints, fold, snowball_language, spans, surfaces, terms
from reportsearch.indexer.analysis.characters import APOSTROPHE, JOINED, LETTER, OTHER, kind_of
from reportsearch.indexer.analysis.folding import fold_character
from reportsearch.indexer.analysis.vocabulary import _NONE, Vocabulary, _Slots
from reportsearch.indexer.analysis.whoosh_analyzer import analyzer_for
from reportsearch.indexer.analysis.words import _PLAIN, MAX_WORD_CHARS, kind_table, spans_at, words_of

PLAIN = "".join(map(chr, (*range(0x2BC), *range(0x2BD, 0x300), *range(0x2010, 0x2060), *range(0x20A0, 0x20C0))))


def numbers_of(text: str, vocabulary: Vocabulary) -> np.ndarray:
    return vocabulary.numbers(text, words_of(CodePoints.of(text)))


def by_table(text: str) -> list[tuple[int, int]]:
    words = words_of(CodePoints.of(text))
    return list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(PLAIN), max_size=60))
def test_the_quick_way_finds_the_same_words_as_the_tables(text: str) -> None:
    assert spans(text) == by_table(text)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(st.sampled_from(PLAIN), max_size=60), st.text(max_size=60)), st.sets(st.integers(0, 30)))
def test_some_words_are_where_they_are_among_all(text: str, numbers: set[int]) -> None:
    words = by_table(text)
    asked = sorted(numbers)
    found = [words[number] for number in asked if number < len(words)]
    assert spans_at(text, asked) == found


def test_the_quick_way_knows_each_character_that_it_claims() -> None:
    for char in PLAIN:
        assert _PLAIN.fullmatch(char)
        assert_same_words(char)


def assert_same_words(char: str) -> None:
    for text in (
        char,
        f"a{char}",
        f"{char}a",
        f"a{char}b",
        f"a {char} b",
        char * 3,
        f"{char}'s",
        f"a{char}s",
        f"a{char}{char}s",
    ):
        assert spans(text) == by_table(text)


def test_of_a_long_word_the_first_characters_count_wherever_it_stands() -> None:
    for word in ("w" * 250, "é" * 250, "child's" + "w" * 250):
        text = f"a {word} b"
        assert spans(text) == by_table(text)
        assert max(end - start for start, end in spans(text)) == MAX_WORD_CHARS
    vocabulary = Vocabulary()
    numbers = numbers_of("w" * 250 + " " + "w" * 300, vocabulary)
    assert numbers[0] == numbers[1]
    assert surfaces("w" * 250) == ["w" * MAX_WORD_CHARS]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_words_are_ascending_and_of_word_characters_alone(text: str) -> None:
    found = spans(text)
    assert found == sorted(set(found))
    inside = {place for start, end in found for place in range(start, end)}
    for start, end in found:
        kinds = {kind_of(char) for char in text[start:end]}
        assert len(kinds) == 1
        assert OTHER not in kinds
        if JOINED in kinds:
            assert end - start <= 2
    for place, char in enumerate(text):
        if kind_of(char) != OTHER and place not in inside:  # the s of a possessive
            assert char in "sS"
            assert text[place - 1] in APOSTROPHE


def test_the_kind_of_a_character_is_its_category() -> None:
    for code_points in (np.arange(5, 0x30000, 257), np.array([0xE9, 0x2019]), np.arange(0x30000)):
        for code_point, kind in zip(code_points.tolist(), kind_table().of(code_points.astype(np.uint32)), strict=True):
            is_word = unicodedata.category(chr(code_point))[0] in "LMN" and chr(code_point) not in APOSTROPHE
            assert (kind != OTHER) == is_word
    assert set(map(kind_of, "한字ไかﾊ")) == {JOINED}
    assert set(map(kind_of, "aéश्ाжα٣५9")) == {LETTER}


@pytest.mark.slow
def test_characters_that_fold_to_one_fold_so_in_every_word() -> None:
    """What makes it safe that words with the same hash share a form."""
    for code_point in range(0x110000):
        char = chr(code_point)
        if unicodedata.category(char)[0] in "LMN":
            folded = fold_character(char)
            assert len(folded) == 1
            if folded != char:
                assert fold(f"x{char}x") == fold(f"x{folded}x"), hex(code_point)
                assert fold(char) == folded


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) == " ".join(fold(text).split())


@pytest.mark.parametrize(
    ("variants", "surface"),
    [
        (["Securité", "SECURITÉ", "sécurité", "se\u0301curite\u0301", "ｓécurité"], "securite"),
        (["Straße", "STRASSE", "strasse"], "strasse"),
        (["ŁÓDŹ", "Łódź", "lodz"], "lodz"),
        (["İstanbul", "istanbul", "ISTANBUL"], "istanbul"),
        (["Ærø", "ærø", "aero"], "aero"),
        (["ΟΔΟΣ", "οδός", "οδος"], "οδοσ"),
        (["ﬁnance", "finance"], "finance"),
        (["ёлка", "елка"], "елка"),
        (["كِتَاب", "كتاب"], "كتاب"),
        (["ｶﾞ", "ガ"], "ガ"),
    ],
)
def test_variants_have_one_surface_and_share_a_form(variants: list[str], surface: str) -> None:
    vocabulary = Vocabulary()
    forms = set()
    for text in variants:
        assert surfaces(text) == [surface]
        forms |= set(vocabulary.forms(numbers_of(text, vocabulary), None).tolist())
    assert len(forms) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(st.characters(), max_size=30), max_size=5), st.sampled_from([None, "english", "french", "arabic"])
)
def test_a_vocabulary_says_the_same_as_words_one_by_one(texts: list[str], algorithm: str | None) -> None:
    code = {None: "xx", "english": "en", "french": "fr", "arabic": "ar"}[algorithm]
    vocabulary = Vocabulary()
    for text in [*texts, *(each.upper() for each in texts), *(each.casefold() for each in texts)]:
        forms = vocabulary.forms(numbers_of(text, vocabulary), algorithm).tolist()
        plain = text.encode("utf-32-le", "surrogatepass").decode("utf-32-le", "surrogatepass")
        assert [vocabulary.surfaces[form] for form in forms] == surfaces(plain)
        assert [vocabulary.terms[form] for form in forms] == terms(plain, code)


def test_a_hundred_thousand_words_have_as_many_numbers() -> None:
    text = " ".join(f"w{number:x}" for number in range(100_000))
    vocabulary = Vocabulary()
    numbers = numbers_of(text, vocabulary)
    assert len(set(numbers.tolist())) == len(vocabulary) == 100_000
    assert numbers_of(text, vocabulary).tolist() == numbers.tolist()
    assert [vocabulary.surfaces[form] for form in vocabulary.forms(numbers, None)[:3].tolist()] == ["w0", "w1", "w2"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(st.characters(), max_size=30), st.text("aeé字ひs'’ -", max_size=40)), max_size=6))
def test_words_with_the_same_hash_are_the_same_folded(texts: list[str]) -> None:
    folded: dict[int, set[str]] = {}
    for text in [*texts, *(f"so {each}" for each in texts), *(each.upper() for each in texts)]:
        words = words_of(CodePoints.of(text))
        for start, end, word_hash in zip(
            words.starts.tolist(), words.ends.tolist(), words.hashes.tolist(), strict=True
        ):
            folded.setdefault(word_hash, set()).add(fold(text[start:end]))
    assert all(len(found) == 1 for found in folded.values())


def test_a_word_has_the_same_hash_wherever_it_stands() -> None:
    for word in ("a", "children", "nineteenth", "w" * 60, "sécurité", "éé" * 50, "児童", "ไทย"):
        hashes = {
            words_of(CodePoints.of(f"{before}{word}")).hashes[-1] for before in ("", "x ", "é, ", "字 ", "x " * 99)
        }
        assert len(hashes) == 1, word


def test_words_that_a_stranger_made_to_be_alike_are_not() -> None:
    """Of eight letters, one number: what differs in the highest bits, or twice by what cancels, stays different."""
    fronts = [f"aaaaaaa{first}" for first in "abcdefghijklmnop"]
    words = [front + back for front in fronts for back in fronts]
    # of two such words a polynomial modulo 2^64 makes one number, of anything or of what is near a power of 2
    # (Thue-Morse; products of x^a - 1)
    morse = [number.bit_count() % 2 for number in range(128)]
    words += ["".join(f"aaaaaaa{'aq'[digit ^ turned]}" for digit in morse[:16]) for turned in (0, 1)]
    for pair in ("жя", "αω", "אב", "ሀለ"):
        words += ["".join(pair[digit ^ turned] for digit in morse) for turned in (0, 1)]
    signs = np.ones(1, np.int64)
    for power in (2, 4, 12, 16, 16, 17, 20, 28, 32, 44):
        signs = np.concatenate((np.zeros(power, np.int64), signs)) - np.concatenate((signs, np.zeros(power, np.int64)))
    assert set(signs.tolist()) == {-1, 0, 1} and len(signs) <= MAX_WORD_CHARS
    words += ["".join("жяж"[sign * turned] for sign in signs.tolist()) for turned in (1, -1)]
    numbers = Vocabulary().numbers(" ".join(words), words_of(CodePoints.of(" ".join(words))))
    assert len(set(numbers.tolist())) == len(set(words)) == len(words)


def test_threads_share_a_vocabulary() -> None:
    drawn = random.Random(5)  # noqa: S311
    texts = [" ".join(f"word{drawn.randrange(30_000)}s" for _ in range(4000)) for _ in range(24)]
    shared = Vocabulary()

    def read(text: str) -> list[tuple[str, str]]:
        forms = shared.forms(numbers_of(text, shared), "english").tolist()
        return [(shared.terms[form], shared.surfaces[form]) for form in forms]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read, texts))
    for text, forms in zip(texts, found, strict=True):
        assert [surface for _, surface in forms] == surfaces(text)
        assert [term for term, _ in forms] == terms(text, "en")
    assert len(set(zip(shared.terms, shared.surfaces, strict=True))) == len(shared.terms)


def test_a_word_never_gets_the_number_of_another_that_wants_its_slot() -> None:
    drawn = np.random.default_rng(5).integers(1, 2**63, 200_000).astype(np.uint64)
    wanted = _Slots(4)._of(drawn)
    first, *_, last = np.flatnonzero(wanted == wanted[0])  # the same slot, and many words for others between
    hashes = np.concatenate((drawn[[first]], drawn[wanted != wanted[0]], drawn[[last]]))
    words = np.arange(len(hashes), dtype=np.uint32)
    asked = np.full(500_000, hashes[0])

    def found_beside(slots: _Slots, other: Future[None]) -> set[int]:
        found: set[int] = set()
        while not other.done():
            found |= set(np.unique(slots.find(asked)).tolist())
        return found

    with ThreadPoolExecutor(1) as threads:
        for _ in range(20):
            slots = _Slots(4)
            assert found_beside(slots, threads.submit(slots.add, hashes, words)) <= {0, int(_NONE)}


@pytest.mark.parametrize("mark", sorted(APOSTROPHE))
def test_the_s_of_a_possessive_is_no_word(mark: str) -> None:
    assert surfaces(f"the child{mark}s guardian") == ["the", "child", "guardian"]
    assert surfaces(f"THE CHILD{mark}S") == ["the", "child"]
    assert surfaces(f"s {mark}s, children{mark} o{mark}clock") == ["s", "s", "children", "o", "clock"]
    assert surfaces(f"it{mark}sa") == ["it", "sa"]


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011", "\u2013", "/", "\u00ad", " "])
def test_a_hyphen_parts_words(hyphen: str) -> None:
    assert surfaces(f"child{hyphen}trafficking") == ["child", "trafficking"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("S/2022/493", ["s", "2022", "493"]),
        ("section 45(1)", ["section", "45", "1"]),
        ("A/RES/55/25.", ["a", "res", "55", "25"]),
        ("£1,000.50 and 12%", ["1", "000", "50", "and", "12"]),
        ("ISO8601 3rd COVID-19", ["iso8601", "3rd", "covid", "19"]),
        ("snake_case", ["snake", "case"]),
        ("x²", ["x2"]),
    ],
)
def test_numbers_and_references_are_kept(text: str, words: list[str]) -> None:
    assert surfaces(text) == words


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("児童福祉", ["児童", "童福", "福祉"]),
        ("人", ["人"]),
        ("児童、人", ["児童", "人"]),
        ("เด็ก", ["เด", "ด็", "็ก"]),
        ("ຄົນ", ["ຄົ", "ົນ"]),
        ("ក្រ", ["ក្", "្រ"]),
        ("မြန်", ["မြ", "ြန", "န်"]),
        ("한국어", ["한국", "국어"]),
        ("中国ABC第5章", ["中国", "abc", "第", "5", "章"]),
        ("\U00020000\U00020001", ["\U00020000\U00020001"]),
    ],
)
def test_scripts_without_spaces_are_read_two_by_two(text: str, pairs: list[str]) -> None:
    assert surfaces(text) == [fold(pair) for pair in pairs]


@pytest.mark.parametrize("text", ["बच्चों", "குழந்தைகள்", "శిశువులు", "ŽENŠČINA", "q\u0323\u0307"])
def test_marks_do_not_part_words(text: str) -> None:
    assert spans(text) == [(0, len(text))]


INFLECTIONS = {
    "en": ("guardian", "guardians"),
    "fr": ("enfants", "enfant"),
    "de": ("kindern", "kinder"),
    "es": ("niños", "niño"),
    "it": ("bambini", "bambino"),
    "pt": ("meninos", "menino"),
    "nl": ("kinderen", "kinder"),
    "sv": ("barnen", "barn"),
    "da": ("børnene", "børn"),
    "no": ("barnene", "barn"),
    "fi": ("taloissa", "talot"),
    "hu": ("házakban", "házak"),
    "ro": ("copiilor", "copii"),
    "ru": ("детей", "дети"),
    "tr": ("çocuklar", "çocuk"),
    "ca": ("nens", "nen"),
    "ar": ("معلمون", "معلم"),
    "el": ("παιδιών", "παιδιά"),
    "id": ("bukunya", "buku"),
    "lt": ("vaikai", "vaikas"),
}


@pytest.mark.parametrize("language", INFLECTIONS)
def test_inflections_meet_in_their_language(language: str) -> None:
    left, right = INFLECTIONS[language]
    assert snowball_language(language)
    assert terms(left, language) == terms(right, language)
    assert surfaces(left) != surfaces(right)


def test_a_language_code_may_have_a_region_and_an_unknown_one_stems_nothing() -> None:
    assert snowball_language("pt-BR") == snowball_language("PT_br") == "portuguese"
    assert snowball_language("xx") is None
    assert snowball_language("") is None
    assert terms("guardians", "xx") == ["guardians"]


def test_accents_do_not_change_a_stem() -> None:
    for language in INFLECTIONS:
        assert terms("sécurités", language) == terms("securites", language)


@pytest.mark.parametrize("language", ["en", "fr", "de", "xx"])
def test_whoosh_alone_makes_the_same_terms_of_usual_texts(language: str) -> None:
    text = "The guardians of 45 children, in the Sécurité report of 2016, were trafficking"
    assert [token.text for token in analyzer_for(language)(text)] == terms(text, language)
