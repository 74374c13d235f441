"""Letters of any script, folded to the few that are compared.

Laws:
1. Hangul and Chinese signs stay what they are; every other script becomes a-z and 0-9.
2. Folding is a function of the text alone; what was folded stays beside what was printed.
3. Arabic and Hebrew write consonants: they meet Latin letters by their consonants.

Latin, Cyrillic, Greek, Armenian, Georgian, Indic, Thai and kana letters by anyascii (ISC).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

REMEMBERED = 65_536
LATIN, HANGUL, HAN, MIXED = "latin", "hangul", "han", "mixed"

_WORD = re.compile(r"[a-z]+|[0-9]+|[가-힣]+|[㐀-䶿一-鿿々〇]+")
_KEPT = re.compile(r"[가-힣㐀-䶿一-鿿々〇]+")
_APOSTROPHES = re.compile(r"(?<=[^\W_])['’‘ʼʻ`´ʹʺ]+(?=[^\W_])|[’‘ʼʻ`´ʹʺ]")
_POSSESSIVE = re.compile(r"['’]s\b")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b(?:[^\W\d_]\.)+[^\W\d_]\b")
_AND = re.compile(r"\s*[&＆+]\s*")
_ABJAD = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f]+")
_MARKS = re.compile(r"[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")

_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j",
    "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "a", "ة": "a", "ء": "", "ؤ": "w",
    "ئ": "y", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k", "ی": "y", "ھ": "h", "ہ": "h",
    "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "y", "ۀ": "a", "ڤ": "v",
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "w", "ז": "z", "ח": "h", "ט": "t",
    "י": "y", "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s",
    "ע": "a", "פ": "p", "ף": "f", "צ": "ts", "ץ": "ts", "ק": "q", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
"""Letters of Arabic, Persian, Urdu and Hebrew, one reading each (from memory, K)."""


def _letters(found: re.Match[str]) -> str:
    """Return consonants in Latin letters; an h is kept apart from the letter before it."""
    out = ""
    for c in found[0]:
        letter = _ARABIC.get(c, "")
        out += "a" + letter if letter == "h" and out and out[-1] not in "aw" else letter
    return out


def _undotted(found: re.Match[str]) -> str:
    return found[0].replace(".", "")


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """Return *text* in lower case, other scripts than Hangul and Chinese in Latin letters.

    Example:
        >>> fold("Владимир"), fold("Ryongch’ŏn"), fold("محمد"), fold("㈜삼성")
        ('vladimir', 'ryongchon', 'mhmd', '(주)삼성')
    """
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    folded = _POSSESSIVE.sub("s", folded)
    folded = _APOSTROPHES.sub("", folded)
    if "." in folded:
        folded = _DOTTED.sub(_undotted, folded)
    folded = _AND.sub(" and ", folded) if ("&" in folded or "+" in folded) else folded
    if folded.isascii():
        return folded.lower()
    folded = _ABJAD.sub(_letters, _MARKS.sub("", folded))
    parts: list[str] = []
    position = 0
    for kept in _KEPT.finditer(folded):
        parts += (_ascii(folded[position : kept.start()]), kept[0])
        position = kept.end()
    parts.append(_ascii(folded[position:]))
    return "".join(parts)


def _ascii(text: str) -> str:
    return text.lower() if text.isascii() else _APOSTROPHES.sub("", anyascii(text)).lower()


def is_abjad(text: str) -> bool:
    """Return whether *text* holds Arabic or Hebrew letters, which leave vowels out."""
    return not text.isascii() and _ABJAD.search(text) is not None


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text: runs of one script.

    Example:
        >>> words_of("lg화학 no. 2")
        ['lg', '화학', 'no', '2']
    """
    return _WORD.findall(folded)


@lru_cache(maxsize=REMEMBERED)
def script_of(word: str) -> str:
    """Return the script of a folded word; ``mixed`` where it has more than one."""
    if word.isascii():
        return LATIN
    hangul = sum("가" <= c <= "힣" for c in word)
    if hangul == len(word):
        return HANGUL
    return HAN if not hangul and not any(c.isascii() for c in word) else MIXED


_DIGRAPHS = (
    ("kh", "x"), ("gh", "g"), ("sh", "S"), ("ch", "S"), ("th", "t"), ("dh", "d"),
    ("ph", "f"), ("ts", "s"), ("q", "k"), ("ck", "k"), ("c", "k"), ("p", "b"), ("v", "b"),
    ("g", "j"), ("dj", "j"), ("x", "k"), ("z", "s"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiouwy]")


@lru_cache(maxsize=REMEMBERED)
def consonants(latin: str) -> str:
    """Return the consonants of a word as Arabic or Hebrew would tell them apart.

    Example:
        >>> consonants("mohammed") == consonants("muhamad") == consonants(fold("محمد"))
        True
    """
    key = latin
    for written, stands_for in _DIGRAPHS:
        key = key.replace(written, stands_for)
    key = re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", key))
    return key[:-1] if key[-1:] == "h" and len(key) > 1 else key


_SOUNDS = (
    ("sch", "sh"), ("shch", "sh"), ("tch", "ch"), ("tsch", "ch"), ("cz", "ch"), ("dzh", "j"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("q", "k"),
    ("ks", "x"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ey", "i"), ("ei", "i"),
    ("iy", "i"), ("ij", "i"), ("yi", "i"), ("ii", "i"), ("ay", "ai"), ("yu", "u"), ("iu", "u"),
    ("ya", "a"), ("ia", "a"), ("ja", "a"), ("yo", "o"), ("io", "o"), ("ye", "e"), ("je", "e"),
    ("y", "i"), ("w", "v"), ("z", "s"), ("dj", "j"), ("c", "k"),
)  # fmt: skip


@lru_cache(maxsize=REMEMBERED)
def sound(latin: str) -> str:
    """Return the key under which common spellings of one European or Arabic word meet.

    Example:
        >>> sound("sergey") == sound("sergei"), sound("yusuf") == sound("youssouf")
        (True, True)
    """
    key = latin
    for written, stands_for in _SOUNDS:
        key = key.replace(written, stands_for)
    key = re.sub(r"(.)\1+", r"\1", key)
    key = re.sub(r"(?<=[bcdfgjklmnprstvx])h", "", key) if "h" in key else key
    return key.replace("e", "i").replace("o", "u")
