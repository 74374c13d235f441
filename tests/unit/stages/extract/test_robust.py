"""Nothing that a text holds makes the reading fail, hang, or quote what is not there."""

from __future__ import annotations

import random
import time

import pytest

from witnessmark.stages.extract import read

ROUNDS = 10_000
LENGTH = 200_000
"""Code points of a long document here; looked at sign by sign squared, it takes hours."""

ENOUGH_S = 90.0
"""Processor seconds that no long document takes: about ten times what the slowest needs."""

ALPHABETS = (
    *((0, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x2000, 0x206F), (0xAC00, 0xD7A3)),
    *((0x4E00, 0x9FFF), (0xD800, 0xDFFF), (0xE000, 0xE0FF), (0x1F300, 0x1FAFF)),
)


def _held(text: str, lang: str | None) -> None:
    reading = read(text, lang)
    for claim in reading.claims:
        assert claim.quote
        assert claim.quote == text[claim.start : claim.end]
    for mention in reading.mentions:
        assert mention.quote == text[mention.start : mention.end]


def test_random_bytes_are_read_without_harm() -> None:
    """Ten thousand byte strings, as any decoder would hand them on: no failure, no false quote."""
    chance = random.Random(20261125)
    for number in range(ROUNDS):
        data = chance.randbytes(chance.randrange(60))
        _held(data.decode("latin-1"), ("en", "ko", "zh", None)[number % 4])


def test_random_signs_are_read_without_harm() -> None:
    """Signs of every script, lone surrogates among them: no failure, no false quote."""
    chance = random.Random(4)
    for number in range(1_000):
        pieces: list[str] = []
        for _ in range(chance.randrange(12)):
            low, high = chance.choice(ALPHABETS)
            pieces += [chr(chance.randint(low, high)) for _ in range(chance.randrange(9))]
            pieces.append(
                chance.choice([" ", ". ", "\n", '"', "“", "14 hours a day", "wigs", "，"])
            )
        _held("".join(pieces), ("en", "ko", "zh", None)[number % 4])


SENTENCE = "A source said that prisoners in the camp make wigs for 14 hours a day. "


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("!" * LENGTH + "x", "en"),
        ("." * LENGTH, "en"),
        ('"' * LENGTH, "en"),
        ("“ ‘ « " * (LENGTH // 6), "en"),
        ("a" * LENGTH, "en"),
        ("Mr. p.m. " * (LENGTH // 9), "en"),
        ("and they had to work on in the shed without a word of it\n" * (LENGTH // 57), "en"),
        ("(" * LENGTH + ")", "en"),
        ("e\u0301" * (LENGTH // 2), "en"),
        ("1,000 " * (LENGTH // 6), "en"),
        ('"No," he said. ' * (LENGTH // 15), "en"),
        ("。" * LENGTH, "zh"),
        ("가" * LENGTH, "ko"),
    ],
    ids=range(13),
)
def test_a_long_document_ends(text: str, lang: str) -> None:
    """One kind of sign or word without end is read in time that grows with its length alone."""
    start = time.process_time()
    _held(text, lang)
    assert time.process_time() - start < ENOUGH_S


def test_a_megabyte_on_one_line_ends() -> None:
    """A document of a million code points without a line break is read to its end."""
    plain = "The weather was mild and the river ran low in that part of the country. "
    text = plain * (1_000_000 // len(plain)) + SENTENCE
    reading = read(text, "en")
    assert not reading.not_read
    assert reading.sentences[-1].end >= len(text) - 1
    assert any(claim.start > len(text) - len(SENTENCE) - 1 for claim in reading.claims)


def test_twice_the_text_is_twice_the_claims() -> None:
    """What is found in a sentence does not depend on how much text stands before it."""
    few, many = read(SENTENCE * 50, "en"), read(SENTENCE * 100, "en")
    assert len(many.claims) > 1.9 * len(few.claims) > 0


def test_quotation_marks_nested_deeply_end() -> None:
    """Speech inside speech, a thousand deep, is read."""
    _held("“He said ‘" * 1_000 + SENTENCE + "’ and so on.”" * 1_000, "en")
