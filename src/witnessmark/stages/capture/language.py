"""Which language a text is in, by its script and its function words.

Law: no language is better than a wrong one: ``und`` where none is clear.
"""

from __future__ import annotations

import re
from functools import cache

from witnessmark.store.rulebook import load_rules

SAMPLE = 50_000
"""Code points that are looked at."""

UNKNOWN = "und"

_WORD = re.compile(r"[^\W\d_]+")
_HANGUL = re.compile(r"[가-힣ᄀ-ᇿ㄰-㆏]")
_KANA = re.compile(r"[぀-ヿ]")
_HAN = re.compile(r"[一-鿿㐀-䶿]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")


def language_of(text: str) -> str:
    """Return the BCP 47 code of the main language of *text*, ``und`` if it is not clear."""
    sample = text[:SAMPLE]
    hangul, kana = len(_HANGUL.findall(sample)), len(_KANA.findall(sample))
    han, cyrillic = len(_HAN.findall(sample)), len(_CYRILLIC.findall(sample))
    # a Latin word weighs as much as a syllable sign, so four letters count as one
    latin = len(_LATIN.findall(sample)) / 4
    total = hangul + kana + han + cyrillic + latin
    if not total:
        return UNKNOWN
    if hangul >= 0.4 * total:
        return "ko"
    if kana + han >= 0.4 * total:
        return "ja" if kana >= 0.1 * (kana + han) else "zh"
    if cyrillic >= 0.5 * total:
        return "uk" if _UKRAINIAN.search(sample) else "ru"
    return _latin_language(sample)


@cache
def _function_words() -> tuple[float, float, dict[str, frozenset[str]]]:
    rules = load_rules("capture/languages.yaml", "witnessmark/languages/1")
    words = {lang: frozenset(map(str, listed)) for lang, listed in rules["words"].items()}
    return float(rules["least_share"]), float(rules["least_lead"]), words


def _latin_language(sample: str) -> str:
    least_share, least_lead, words = _function_words()
    found = [word.lower() for word in _WORD.findall(sample)]
    if not found:
        return UNKNOWN
    shares = sorted(
        (
            (sum(word in listed for word in found) / len(found), lang)
            for lang, listed in words.items()
        ),
        reverse=True,
    )
    (best, lang), (second, _) = shares[0], shares[1]
    return lang if best >= least_share and best >= least_lead * second else UNKNOWN
