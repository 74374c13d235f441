"""Two personal names: what speaks for and against their being one.

Laws:
1. Only what both names state can speak against: a name that leaves the middle name out
   is no other name; two different given names are.
2. A name in Hangul or Chinese signs is a surname and a given name; it is compared by
   syllable with any spelling and order of the other.
3. Junior is not senior; a woman's form of a name is not a man's.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from witnessmark.stages.identify import names_hanzi, names_korean
from witnessmark.stages.identify.names_letters import alike, romanised_alike
from witnessmark.stages.identify.names_text import (
    HAN,
    HANGUL,
    MIXED,
    consonants,
    fold,
    is_abjad,
    script_of,
    words_of,
)
from witnessmark.stages.identify.names_words import SCHEMA
from witnessmark.store.rulebook import load_rules

REMEMBERED = 65_536
SAME = 0.8
"""Likeness from which two words of a personal name count as one (our convention)."""

INITIAL = 0.85
NICKNAME = 0.9
OTHER_NAME = 0.6
"""At most how alike two listed given names are that are not one name (Peter, Dieter)."""

UNVOWELLED = 0.93
LONGEST_SIGNS = 5
_SERVANT = re.compile(r"^abd(?:[aeiou]l|[aeiou]r(?=r)|[aeiou]s(?=s)|[aeiou]l)(?=...)")
_PATRONYMIC = re.compile(
    r"(?:[oe]vi[ct]h|[oe]vych|ovic|[iy]ch|[oei]vna|[iy]nichna|ichna|ogly|oglu|ogli|kyzy|qizi|uulu)$"
)
_WOMAN = re.compile(r"(?:[oei]vna|ichna|kyzy|qizi)$")
_ARTICLE = re.compile(r"^[ae]l(?=[a-z]{3})")


class Person(NamedTuple):
    """A personal name taken apart.

    Attributes:
        words: its words, honorifics and particles left out.
        signs: the surname and given name in Hangul or Chinese signs, or nothing.
        script: of *signs*.
        generation: junior, senior ...
        unvowelled: Arabic or Hebrew letters.
        joined: all words together.
        printed: every word, honorifics and particles among them.
    """

    words: tuple[str, ...]
    signs: tuple[str, str] | None
    script: str
    generation: str
    unvowelled: bool
    joined: str
    printed: tuple[str, ...]


class _Lists(NamedTuple):
    honorifics: frozenset[str]
    particles: frozenset[str]
    generations: dict[str, str]
    nicknames: dict[str, frozenset[int]]


@cache
def _lists() -> _Lists:
    data: dict[str, Any] = load_rules("identify/name_words.yaml", SCHEMA)
    nicknames: dict[str, set[int]] = {}
    for number, row in enumerate(data["nicknames"]):
        for name in row:
            nicknames.setdefault(fold(str(name)), set()).add(number)
    return _Lists(
        frozenset(fold(str(word)) for word in data["honorifics"]),
        frozenset(fold(str(word)) for word in data["particles"]),
        {str(word): str(kind) for word, kind in data["generations"].items()},
        {name: frozenset(rows) for name, rows in nicknames.items()},
    )


@lru_cache(maxsize=REMEMBERED)
def person(name: str) -> Person:
    """Take a personal name apart.

    Example:
        >>> person("Dr. Abdul Rahman al-Example Jr.").words
        ('abd', 'rahman', 'example')
        >>> person("김영수").signs
        ('김', '영수')
    """
    lists = _lists()
    folded = fold(name.replace(".", " "))
    unvowelled = is_abjad(name)
    tokens = words_of(folded)
    kept: list[str] = []
    weak: list[str] = []
    generation = ""
    for position, token in enumerate(tokens):
        if position and token in lists.generations:
            generation = lists.generations[token]
        elif token in lists.honorifics and len(tokens) > 2:  # noqa: PLR2004 - two words are the name itself
            continue
        elif token in lists.particles and (len(token) > 1 or f"{token}." not in name.lower()):
            weak.append(token)
        else:
            kept += _parted(token, unvowelled=unvowelled)
    if len(kept) < 2:  # noqa: PLR2004 - then the particles were the name (Li Do)
        kept = [t for t in tokens if t not in lists.generations] or tokens
    signs, script = _signs(tokens)
    return Person(tuple(kept), signs, script, generation, unvowelled, "".join(kept), tuple(tokens))


def _parted(token: str, *, unvowelled: bool) -> list[str]:
    if unvowelled and token.startswith("al") and len(token) > 4:  # noqa: PLR2004 - the article, on a word
        token = token[2:]
    servant = _SERVANT.match(token)
    if servant:
        return ["abd", token[servant.end() :]]
    if token in {"abdul", "abdel", "abdal", "abdur", "abdu", "abdoul"}:
        return ["abd"]
    return [token]


def _signs(tokens: list[str]) -> tuple[tuple[str, str] | None, str]:
    """Return surname and given name where the name is written in signs."""
    runs = [token for token in tokens if not token.isascii()]
    if not runs or len(runs) < len(tokens):
        return None, ""
    script = script_of("".join(runs))
    if script == MIXED:
        return None, ""
    if len(runs) > 1 and len(runs[0]) <= 2:  # noqa: PLR2004 - surnames have one or two signs
        return (names_hanzi.simplified(runs[0]), names_hanzi.simplified("".join(runs[1:]))), script
    text = names_hanzi.simplified("".join(runs))
    if len(text) > LONGEST_SIGNS or len(text) < 2:  # noqa: PLR2004 - one sign is no full name
        return ((text[:1], text[1:]), script) if script == HAN and text else (None, "")
    double = names_korean.surnames()[1] if script == HANGUL else names_hanzi.double_surnames()
    cut = 2 if text[:2] in double and len(text) > 2 else 1  # noqa: PLR2004 - a double surname and a given name
    return (text[:cut], text[cut:]), script


def compare_persons(left: str, right: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two personal names."""
    mine, other = person(left), person(right)
    if mine.signs and other.signs:
        return _signs_signs(mine, other)
    if mine.signs:
        return _signs_latin(mine, other)
    if other.signs:
        return _signs_latin(other, mine)
    return _latin(mine, other)


def _signs_signs(left: Person, right: Person) -> tuple[str, dict[str, float], list[str]]:
    mine, other = left.signs or ("", ""), right.signs or ("", "")
    surname, given = alike(mine[0], other[0]), alike(mine[1], other[1])
    if surname < 1 and left.script == right.script == HANGUL:
        surname = (
            1.0 if names_korean.same_surname(mine[0]) & names_korean.same_surname(other[0]) else 0.0
        )
    features = {"surname": float(surname >= SAME), "given": given, "short": float(len(mine[1]) < 2)}  # noqa: PLR2004 - one sign
    return "person_signs", features, _said(surname >= SAME, given, "sign by sign")


def _said(surname: bool, given: float, how: str) -> list[str]:  # noqa: FBT001 - a pure rule of three values
    if surname and given >= 1:
        return [f"surname and given name agree, {how}"]
    reasons = [f"the surnames agree, {how}" if surname else "against: the surnames differ"]
    if given < 1:
        reasons.append(
            f"the given names are close ({given:.2f})"
            if given >= SAME
            else f"against: the given names differ ({given:.2f})"
        )
    return reasons


def _signs_latin(signed: Person, latin: Person) -> tuple[str, dict[str, float], list[str]]:
    surname, given = signed.signs or ("", "")
    korean = signed.script == HANGUL
    best = (0.0, 0.0, 0)
    for spelt, rest, extra in dict.fromkeys((*_splits(latin.printed), *_splits(latin.words))):
        agrees = _surname(surname, spelt, korean=korean)
        if not agrees:
            near = 0.0
            if best[0] == 0:
                near = 0.5 * alike(given, rest) if rest and given else 0.0
            best = max(best, (0.0, near, -extra))
            continue
        best = max(best, (1.0, _given(given, rest, korean=korean), -extra))
    features = {
        "surname": best[0],
        "given": best[1],
        "given_exact": float(best[1] >= 1),
        "both": best[0] * best[1],
        "extra": float(-best[2]),
        "short": float(len(given) < 2),  # noqa: PLR2004 - one sign
    }
    model = "person_korean" if korean else "person_chinese"
    return model, features, _said(best[0] > 0, best[1], "syllable by syllable")


def _given(signs: str, rest: str, *, korean: bool) -> float:
    if not rest or not signs:
        return 0.0
    if korean:
        return alike(signs, rest)
    if len(rest) <= len(signs) and _initials(signs, rest):
        return INITIAL
    return alike(signs, rest)


def _initials(signs: str, rest: str) -> bool:
    return len(rest) == len(signs) and all(
        any(s.startswith(letter) for s in names_hanzi.spellings(sign))
        for sign, letter in zip(signs, rest, strict=True)
    )


@lru_cache(maxsize=REMEMBERED)
def _splits(words: tuple[str, ...]) -> tuple[tuple[str, str, int], ...]:
    """Return the ways to read Latin words as surname, given name and words left over."""
    found: list[tuple[str, str, int]] = []
    count = len(words)
    for size in (1, 2):
        if count > size:
            found += [
                ("".join(words[:size]), "".join(words[size:]), 0),
                ("".join(words[-size:]), "".join(words[:-size]), 0),
            ]
    for out in range(count) if 3 <= count <= 5 else ():  # noqa: PLR2004 - an English given name beside the full name
        rest = words[:out] + words[out + 1 :]
        found += [(rest[0], "".join(rest[1:]), 1), (rest[-1], "".join(rest[:-1]), 1)]
        if 0 < out < count:
            found.append((words[0], "".join(words[1:out]), 1))
    if count == 4:  # noqa: PLR2004 - English given name, surname, two syllables
        found.append((words[1], words[2] + words[3], 1))
    if count == 1 and len(words[0]) > 2:  # noqa: PLR2004 - printed together
        found += [(words[0][:cut], words[0][cut:], 0) for cut in range(1, min(7, len(words[0])))]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=REMEMBERED)
def _surname(signs: str, spelt: str, *, korean: bool) -> bool:
    if korean:
        known = names_korean.surnames()[0].get(spelt)
        if known and names_korean.same_surname(signs) & known:
            return True
        return names_korean.alike(signs, spelt) >= 1
    if len(signs) > 1:
        return spelt in names_hanzi.surname_spellings(signs) or names_hanzi.spelt_by(signs, spelt)
    return spelt in names_hanzi.surname_spellings(signs)


@lru_cache(maxsize=262_144)
def _word(left: str, right: str) -> float:
    """Return how alike two words of a personal name are."""
    if left == right:
        return 1.0
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else 0.0
    likeness = alike(left, right)
    nicknames = _lists().nicknames
    rows, other = nicknames.get(left), nicknames.get(right)
    if rows is None or other is None:
        return likeness
    return max(likeness, NICKNAME) if rows & other else min(likeness, OTHER_NAME)


@lru_cache(maxsize=262_144)
def _unvowelled(left: str, right: str) -> float:
    nicknames = _lists().nicknames
    rows, known = nicknames.get(left), nicknames.get(right)
    if rows is not None and known is not None:
        return NICKNAME if rows & known else OTHER_NAME
    mine, other = consonants(left), consonants(right)
    if mine == other and mine:
        return UNVOWELLED
    for one, two in ((left, right), (right, left)):
        if _ARTICLE.match(one) and consonants(one[2:]) == consonants(two):
            return UNVOWELLED
    longest = max(len(mine), len(other), 1)
    return UNVOWELLED * alike(mine, other) if longest > 2 else 0.0  # noqa: PLR2004 - two consonants are many names


def _latin(left: Person, right: Person) -> tuple[str, dict[str, float], list[str]]:
    mine, other = left.words, right.words
    if len(mine) > len(other) or (len(mine) == len(other) and mine > other):
        left, right, mine, other = right, left, other, mine
    likeness = _unvowelled if left.unvowelled != right.unvowelled else _word
    if left.joined == right.joined or sorted(mine) == sorted(other):
        pairs, lone, spare = [(1.0, w, w) for w in mine], [], []
    else:
        pairs, lone, spare = _paired(mine, other, likeness)
    asian = 0.0
    if lone and spare and not left.unvowelled and not right.unvowelled:
        asian = _asian(left.printed, right.printed)
        if asian:
            pairs, lone, spare = [(asian, w, "") for w in mine], [], []
    sims = [p[0] for p in pairs]
    weights = [len(p[1]) for p in pairs]
    lone_letters, spare_letters = sum(map(len, lone)), sum(map(len, spare))
    matched = sum(s * w for s, w in zip(sims, weights, strict=True))
    conflict = _conflicts(lone, spare)
    features = {
        "agree": matched / (sum(weights) + lone_letters or 1),
        "worst": min(sims) if sims else 0.0,
        "pairs": min(len(pairs), 3) / 3,
        "single": float(len(mine) == 1 and len(other) > 1),
        "initials": sum(1 for s, a, b in pairs if s == INITIAL and (len(a) == 1 or len(b) == 1))
        / (len(pairs) or 1),
        "lone": min(len(lone), 2) / 2,
        "spare": min(len(spare), 3) / 3,
        "spare_letters": spare_letters / (len(right.joined) or 1),
        "conflict": conflict,
        "patronymics": float(_two_patronymics(lone, spare)),
        "generation": float(
            bool(left.generation and right.generation and left.generation != right.generation)
        ),
        "one_generation": float(bool(left.generation) != bool(right.generation)),
        "sexes": float(_sexes(mine, other)),
        "one_letter": float(
            any(
                a != b and 0 < s < 1 and min(len(a), len(b)) <= 4 and s < NICKNAME
                for s, a, b in pairs
            )
        ),  # noqa: PLR2004 - short words
        "romanised": float(asian > 0),
        "unvowelled": float(left.unvowelled != right.unvowelled),
    }
    return "person_latin", features, _latin_reasons(pairs, lone, spare, features)


def _paired(
    mine: tuple[str, ...], other: tuple[str, ...], likeness: Any
) -> tuple[list[tuple[float, str, str]], list[str], list[str]]:  # noqa: ANN401 - one of two functions above
    """Pair words, best first; then words that one name prints together."""
    scored = sorted(
        ((likeness(a, b), i, j) for i, a in enumerate(mine) for j, b in enumerate(other)),
        key=lambda s: (-s[0], s[1] + s[2], s[1]),
    )
    free, unused = set(range(len(mine))), set(range(len(other)))
    pairs: list[tuple[float, str, str]] = []
    for score, i, j in scored:
        if score < 0.7:  # noqa: PLR2004 - below, two words are two words
            break
        if i in free and j in unused:
            free.discard(i)
            unused.discard(j)
            pairs.append((score, mine[i], other[j]))
    lone, spare = [mine[i] for i in sorted(free)], [other[j] for j in sorted(unused)]
    if lone and spare and len(lone) + len(spare) > 2:  # noqa: PLR2004 - one and one were tried
        joined = likeness("".join(lone), "".join(spare))
        if joined >= SAME:
            pairs.append((joined, "".join(lone), "".join(spare)))
            return pairs, [], []
        for word in lone:
            for first, second in zip(spare, spare[1:], strict=False):
                if likeness(word, first + second) >= SAME:
                    pairs.append((likeness(word, first + second), word, first + second))
                    return (
                        pairs,
                        [w for w in lone if w != word],
                        [w for w in spare if w not in {first, second}],
                    )
    return pairs, lone, spare


def _conflicts(lone: list[str], spare: list[str]) -> float:
    """Return how many words of one name stand against other words of the other (0, 0.5, 1)."""
    telling = [w for w in lone if not _PATRONYMIC.search(w)]
    against = [w for w in spare if not _PATRONYMIC.search(w)]
    return min(len(telling), len(against), 2) / 2


def _two_patronymics(lone: list[str], spare: list[str]) -> bool:
    return any(_PATRONYMIC.search(w) for w in lone) and any(_PATRONYMIC.search(w) for w in spare)


def _sexes(mine: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if any(_WOMAN.search(w) for w in mine) != any(_WOMAN.search(w) for w in other) and (
        any(_PATRONYMIC.search(w) for w in mine) and any(_PATRONYMIC.search(w) for w in other)
    ):
        return True
    return any(
        a != b
        and a[: len(b) - 1] == b[: len(a) - 1]
        and {a[-1:], b[-1:]} in ({"a", "o"}, {"a", "i"})
        or (a == b + "a" or b == a + "a")
        for a in mine
        for b in other
        if len(a) > 2 < len(b)
    )


@lru_cache(maxsize=REMEMBERED)
def _may_be_asian(words: tuple[str, ...]) -> bool:
    """Return whether the first or the last word is a Korean or a Chinese surname."""
    known, listed = names_korean.surnames()[0], names_hanzi.all_surnames()
    return any(word in known or word in listed for word in (words[0], words[-1]))


@lru_cache(maxsize=REMEMBERED)
def _asian(mine: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how far two Latin names are one Korean or Chinese name in two romanisations."""
    if not _may_be_asian(mine) or not _may_be_asian(other):
        return 0.0
    if len(mine) < 2 or len(other) > 4:  # noqa: PLR2004 - a surname and a given name of one or two words
        return 0.0
    known = names_korean.surnames()[0]
    best = 0.0
    for surname, given, extra in _splits(mine):
        for other_surname, other_given, other_extra in _splits(other):
            if extra or other_extra or not given or not other_given:
                continue
            one = surname == other_surname or bool(
                known.get(surname, frozenset()) & known.get(other_surname, frozenset())
            )
            if (one or romanised_alike(surname, other_surname)) and (
                given == other_given or romanised_alike(given, other_given)
            ):
                best = 0.97
    return best


def _latin_reasons(
    pairs: list[tuple[float, str, str]],
    lone: list[str],
    spare: list[str],
    features: dict[str, float],
) -> list[str]:
    reasons: list[str] = []
    if pairs:
        said = ", ".join(a if a == b or not b else f"{a} = {b}" for _, a, b in pairs)
        reasons.append(f"words that agree: {said}")
    if lone and spare:
        reasons.append(f"against: {', '.join(lone)} stands against {', '.join(spare)}")
    elif spare:
        reasons.append(f"only one name has {', '.join(spare)}")
    if features["romanised"]:
        reasons.append("two romanisations of one Asian name")
    if features["generation"]:
        reasons.append("against: one is junior, the other senior, or of another number")
    if features["sexes"]:
        reasons.append("against: one has a woman's form, the other a man's")
    if features["patronymics"]:
        reasons.append("against: the patronymics differ")
    return reasons or ["against: no word agrees"]
