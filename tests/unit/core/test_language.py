"""Which language a text is in: one answer for every stage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.core.language import LANGUAGES, LANGUAGES_SCHEMA, UNKNOWN, language_book
from witnessmark.stages.capture.language import language_of as captured
from witnessmark.stages.extract import read
from witnessmark.stages.extract.languages import detect
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from pathlib import Path

SHORT = [
    ("en", "Prisoners work over 12 hours a day."),
    ("en", "Prisoners make wigs."),
    ("en", "Rice is given on Sunday."),
    ("en", "They die in camps."),
    ("de", "Die Gefangenen arbeiten über 12 Stunden am Tag."),
    ("de", "Gefangene nähen Perücken."),
    ("fr", "Les prisonniers travaillent plus de 12 heures par jour."),
    ("fr", "Détenus battus."),
    ("es", "Los presos trabajan 12 horas al día."),
    ("nl", "De gevangenen werken 12 uur per dag."),
    ("ko", "수감자는 하루 12시간 일한다."),
    ("zh", "囚犯每天工作十二个小时。"),
    ("ja", "囚人は一日十二時間はたらく。"),
    ("ru", "Заключённые работают двенадцать часов."),
    ("uk", "Ув'язнені працюють дванадцять годин, їх б'ють."),
    (UNKNOWN, "Wig lash knit"),
    (UNKNOWN, "Perücken"),
    (UNKNOWN, "12345 !!!"),
    (UNKNOWN, ""),
    (UNKNOWN, "يعمل السجناء في المعسكر كل يوم a work"),
]


@pytest.mark.parametrize(("lang", "text"), SHORT)
def test_a_short_text_is_told_by_the_words_it_has(lang: str, text: str) -> None:
    """A few words are enough where one language has most of them; with none it stays open."""
    assert captured(text) == lang
    assert detect(text) == lang


def test_a_short_english_sentence_is_read_and_others_are_not() -> None:
    """Without a language given, English is read; German, French and the unclear are named."""
    english = read("Prisoners work over 12 hours a day.")
    assert (english.lang, english.not_read) == ("en", "")
    assert [claim.predicate for claim in english.claims if claim.predicate == "hours_per_day"]
    for lang, why in (("de", "language de is not read"), ("fr", "language fr is not read")):
        for text in (text for code, text in SHORT if code == lang):
            other = read(text)
            assert (other.lang, other.claims, other.not_read) == (lang, (), why)
    assert read("Wig lash knit").not_read == "its language is not clear"
    assert read(" \n").not_read == "there is no text to read"


def test_a_long_text_in_two_languages_stays_open() -> None:
    """Where no language leads clearly in a long text, none is named."""
    english = "The prisoners said that they were held in the camp and had to work for it. "
    french = "Les prisonniers sont dans le camp et ils ne sont pas payés par la société. "
    assert captured(english * 4) == "en"
    assert captured(french * 4) == "fr"
    assert captured((english + french) * 4) == UNKNOWN


@given(st.text(max_size=60))
def test_both_stages_name_the_same_language(text: str) -> None:
    """What capture writes beside a source is what extract would find."""
    assert detect(text) == captured(text)


def test_every_word_of_the_list_is_a_word() -> None:
    """No word is lost to a reading of YAML (``on``, ``no`` and ``y`` are words, no booleans)."""
    content = load_rules(LANGUAGES, LANGUAGES_SCHEMA)
    listed = [w for part in ("words", "usual") for row in content[part].values() for w in row]
    assert all(isinstance(word, str) and word == word.lower() for word in listed)
    assert set(content["usual"]) <= set(content["words"])
    book = language_book(content)
    assert "on" in book.words["en"]
    assert all(book.words[lang] <= book.usual[lang] for lang in book.words)


def test_the_corpus_is_in_the_languages_it_was_written_in(shared: Path) -> None:
    """One passage is Korean, one Chinese, all others and the report are English."""
    known = {"049.json": "ko", "077.json": "zh"}
    files = sorted((shared / "corpus").glob("*.json"))
    assert len(files) == 26
    for path in files:
        text = json.loads(path.read_text())["text"]
        assert (path.name, captured(text), detect(text)) == (
            path.name,
            known.get(path.name, "en"),
            known.get(path.name, "en"),
        )
