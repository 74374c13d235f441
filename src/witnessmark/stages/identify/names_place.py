"""Two names of places, addresses and sites: what speaks for and against their being one.

Laws:
1. The word for the unit (시, -gun, 县, county) is tried with and without; it never parts
   two names by itself.
2. What follows a comma contains what stands before it: two containers that are different
   places part two names that are spelt alike.
3. House numbers and postcodes must agree; one that only one name has says little.
4. The gazetteer knows a place's other names (平壤, Peking); it decides only where both
   names are listed.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from witnessmark.stages.identify.gazetteer import load_gazetteer
from witnessmark.stages.identify.names_company import compare_words, numbers
from witnessmark.stages.identify.names_hanzi import simplified
from witnessmark.stages.identify.names_letters import alike, frame, romanised_alike
from witnessmark.stages.identify.names_text import (
    HAN,
    HANGUL,
    consonants,
    fold,
    is_abjad,
    script_of,
    words_of,
)
from witnessmark.stages.identify.names_words import Words, glossary, site_class, taken_apart

REMEMBERED = 65_536
UNITS = frozenset({"city", "county", "district", "town", "village", "province", "workers_district"})
MOST_PARTS = 5
LEAST_SIGNS = 3
TWO_NAMES = 24
"""Letters beyond which two names with figures are addresses (our convention)."""

SAME_PLACE = 0.85
"""Likeness from which two containers count as one place (our convention)."""

OTHER_PLACE = 0.7
"""Likeness below which two containers are different places (our convention)."""

_SIGNS_UNIT = re.compile(
    r"(?:[노로]동자구|특별시|광역시|직할시|자치구|자치주|자치현|특별자치[시도]|[广広]域市|特别市|自治区|自治州|自治县|地区|街道|街道办事处|街道办|街办|办事处|(?:土家|回|满|苗|朝鲜|蒙古|藏|彝|壮|侗|瑶|白|哈尼|傣|黎|畲|羌|布依|仡佬|傈僳|佤|拉祜|水|纳西|锡伯|达斡尔|哈萨克|维吾尔|东乡|土|撒拉)族|苏木|嘎查|[시군읍면동리구도현성진향촌주]|[市县镇乡村区州省旗盟府郡邑里洞面屯庄道])$"
)
_SPLIT = re.compile(r"\s*[,;，、()（）]\s*|\s+-\s+")


class Place(NamedTuple):
    """A place name or an address taken apart.

    Attributes:
        head: the spellings of the first part, fullest first.
        rest: the spellings of the parts after a comma, each.
        ids: rows of the gazetteer that bear the first part as a name.
        numbers: figures.
        script: of the first part.
    """

    head: tuple[str, ...]
    rest: tuple[tuple[str, ...], ...]
    ids: frozenset[str]
    numbers: frozenset[str]
    script: str


@cache
def _gazetteer() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in load_gazetteer().places.values():
        for name in (row.latin, row.native, *row.variants):
            for key in _spellings(name):
                found.setdefault(key, set()).add(row.id)
    return {key: frozenset(ids) for key, ids in found.items()}


@lru_cache(maxsize=REMEMBERED)
def _spellings(name: str) -> tuple[str, ...]:
    """Return *name* printed together, with and without its unit, fullest first.

    Example:
        >>> _spellings("Sinŭiju-si"), _spellings("신의주시")
        (('sinuijusi', 'sinuiju'), ('신의주시', '신의주'))
    """
    words = [w for w in words_of(simplified(fold(name))) if not w.isdigit() or len(w) < 3]  # noqa: PLR2004 - house numbers apart
    if not words:
        return ()
    found = ["".join(words)]
    meanings = glossary().meanings
    while len(words) > 1 and _is_unit(words[-1], meanings):
        words = words[:-1]
        found.append("".join(words))
    if len(words) > 1 and _is_unit(words[0], meanings) and words[0].isascii():
        found.append("".join(words[1:]))
    bare = found[-1]
    while not bare.isascii():
        stripped = _SIGNS_UNIT.sub("", bare)
        if (
            stripped == bare
            or not stripped
            or (len(stripped) == 1 and script_of(stripped) == HANGUL)
        ):
            break
        found.append(stripped)
        bare = stripped
        if len(stripped) < 2:  # noqa: PLR2004 - a sign alone
            break
    return tuple(dict.fromkeys(found))


def _is_unit(word: str, meanings: dict[str, frozenset[str]]) -> bool:
    return not meanings.get(word, frozenset()).isdisjoint(UNITS)


@lru_cache(maxsize=REMEMBERED)
def place(name: str) -> Place:
    """Take a place name or an address apart."""
    parts = [part for part in _SPLIT.split(name) if part][:MOST_PARTS] or [name]
    head = _spellings(parts[0])
    ids: set[str] = set()
    known = _gazetteer()
    for spelling in head:
        ids |= known.get(spelling, frozenset())
    figures = frozenset(re.findall(r"\d+", fold(name)))
    rest = tuple(s for s in (_spellings(part) for part in parts[1:]) if s)
    return Place(head, rest, frozenset(ids), figures, script_of(head[0]) if head else "")


@lru_cache(maxsize=262_144)
def _likeness(left: str, right: str) -> float:
    if left == right:
        return 1.0
    score = alike(left, right)
    if score < 0.97 and left.isascii() and right.isascii():  # noqa: PLR2004 - below a full reading
        score = max(score, romanised_alike(left, right))
    return score


def _best(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    best = 0.0
    for mine in left:
        for other in right:
            score = _likeness(mine, other)
            if score >= 1:
                return 1.0
            best = max(best, score)
    return best


def _ids(spellings: tuple[str, ...]) -> set[str]:
    known = _gazetteer()
    return {i for s in spellings for i in known.get(s, frozenset())}


def _related(mine: set[str], other: set[str]) -> bool:
    """Return whether a place of one set is, holds or lies in a place of the other."""
    return any(
        a == b or a.startswith(b + ".") or b.startswith(a + ".") for a in mine for b in other
    )


def _container(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    mine, other = _ids(left), _ids(right)
    if mine and other:
        return 1.0 if mine & other else 0.0
    return _best(left, right)


def containers(
    left: tuple[tuple[str, ...], ...], right: tuple[tuple[str, ...], ...]
) -> tuple[float, float]:
    """Return how far the containers of two names agree and conflict, each 0 or 1."""
    if not left or not right:
        return 0.0, 0.0
    fewer, more = (left, right) if len(left) <= len(right) else (right, left)
    scores = [max(_container(a, b) for b in more) for a in fewer]
    return float(max(scores) >= SAME_PLACE), float(min(scores) < OTHER_PLACE)


def _listed(left: Place, right: Place) -> tuple[bool, bool]:
    both = left.ids & right.ids
    return bool(both), bool(left.ids and right.ids and not both)


def compare_places(left: str, right: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two place names."""
    if (
        any(c.isdigit() for c in left)
        and any(c.isdigit() for c in right)
        and len(left) + len(right) > TWO_NAMES
    ):
        return compare_addresses(left, right)
    mine, other = place(left), place(right)
    likeness = _best(mine.head, other.head)
    if is_abjad(left) != is_abjad(right) and mine.head and other.head:
        likeness = max(
            likeness, 0.93 * alike(consonants(mine.head[-1]), consonants(other.head[-1]))
        )
    listed, apart = _listed(mine, other)
    agree, conflict = containers(mine.rest, other.rest)
    shortest = min((_size(s) for s in (*mine.head[-1:], *other.head[-1:])), default=0)
    prefix = _prefix(mine.head, other.head)
    features = {
        "alike": likeness,
        "same": float(likeness >= 1),
        "close": max(0.0, likeness - 0.75) / 0.25,
        "short": float(shortest < 4 and likeness < 1),  # noqa: PLR2004 - few letters are many places'
        "prefix": prefix,
        "bones": _bones(mine, other),
        "listed": float(listed),
        "listed_apart": float(apart and likeness < 1),
        "containers_agree": agree,
        "containers_differ": conflict,
        "scripts_differ": float(mine.script != other.script),
        "across": likeness * (mine.script != other.script),
        "han": float(HAN in {mine.script, other.script} and mine.script != other.script),
        **numbers(mine.numbers, other.numbers),
    }
    return "place", features, _place_reasons(mine, other, features)


def _bones(left: Place, right: Place) -> float:
    """Return how many consonants signs and Latin letters share, all in order: 0 or 0.5..1."""
    if left.script == right.script or not left.head or not right.head:
        return 0.0
    best = 0.0
    for mine in left.head:
        for other in right.head:
            bones, others = frame(mine), frame(other)
            if bones == others and len(bones) > 1:
                best = max(best, min(len(bones), 4) / 4)
    return best


def _size(spelling: str) -> int:
    return len(spelling) if spelling.isascii() else 3 * len(spelling)


def _prefix(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return 1 where one name begins the other, or spells it but for its last sign (中武桥)."""
    mine, other = left[-1:] or ("",), right[-1:] or ("",)
    if mine[0].isascii() != other[0].isascii():
        latin, signs = (mine[0], other[0]) if mine[0].isascii() else (other[0], mine[0])
        return float(len(signs) >= LEAST_SIGNS and alike(signs[:-1], latin) >= 1)
    a, b = sorted((mine[0], other[0]), key=len)
    return float(len(a) >= 4 and a.isascii() and b.isascii() and b.startswith(a) and a != b)  # noqa: PLR2004 - four letters


def _place_reasons(mine: Place, other: Place, features: dict[str, float]) -> list[str]:
    a, b = (mine.head or ("",))[-1], (other.head or ("",))[-1]
    likeness = features["alike"]
    reasons = [
        f"{a} and {b} are spelt or read alike ({likeness:.2f})"
        if likeness >= SAME_PLACE
        else f"against: {a} and {b} differ ({likeness:.2f})"
    ]
    if features["listed"]:
        reasons.append("the gazetteer lists both as names of one place")
    if features["listed_apart"]:
        reasons.append("against: the gazetteer lists them as different places")
    if features["containers_agree"] and not features["containers_differ"]:
        reasons.append("they lie in the same place")
    if features["containers_differ"]:
        reasons.append("against: they lie in different places")
    if features["numbers_differ"]:
        reasons.append("against: the numbers differ")
    return reasons


def _address_words(name: str) -> Words:
    return taken_apart(name)


def compare_addresses(left: str, right: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two addresses."""
    mine, other = _address_words(left), _address_words(right)
    features, reasons = compare_words(mine, other)
    small = min(len(mine.numbers), len(other.numbers))
    shared = len(mine.numbers & other.numbers)
    return (
        "address",
        {
            "name": features["name"],
            "lone": features["lone"],
            "lone_most": features["lone_most"],
            "whole": features["whole"],
            "names_apart": features["names_apart"],
            "name_missing": features["name_missing"],
            "numbers_shared": shared / small if small else 0.0,
            "numbers_none_shared": float(bool(small) and not shared),
            "numbers_agree": features["numbers_agree"],
            "number_missing": features["number_missing"],
        },
        reasons,
    )


def _first_comma(name: str) -> tuple[str, str]:
    head, _, tail = name.replace("，", ",").partition(",")
    return head.strip(), tail.strip()


def compare_sites(left: str, right: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two named sites."""
    (name, address), (other_name, elsewhere) = _first_comma(left), _first_comma(right)
    mine, other = taken_apart(name), taken_apart(other_name)
    features, reasons = compare_words(mine, other, unvowelled=is_abjad(left) != is_abjad(right))
    kinds = {site_class(mine), site_class(other)} - {""}
    features["kinds_differ"] = float(len(kinds) == 2)  # noqa: PLR2004 - one each
    if len(kinds) == 2:  # noqa: PLR2004 - one each
        reasons.append(f"against: one is a {min(kinds)}, the other a {max(kinds)}")
    features.update(_addresses(address, elsewhere, reasons))
    return "site", features, reasons


_ADDRESS_UNIT = re.compile(r"([省市县縣区區镇鎮乡鄉村路街道巷号號楼层室])(?=[^\s,，])")
_NO_ADDRESS = dict.fromkeys(
    (
        "address",
        "address_apart",
        "last_differs",
        "towns_differ",
        "towns_agree",
        "houses_differ",
        "houses_agree",
        "address_missing",
    ),
    0.0,
)


@lru_cache(maxsize=REMEMBERED)
def _address(text: str) -> tuple[Words, set[str], tuple[str, ...]]:
    """Return the words of an address, the listed places in it, and its last part."""
    spaced = _ADDRESS_UNIT.sub(r"\1 ", text)
    parts = [s for s in (_spellings(part) for part in _SPLIT.split(spaced)) if s]
    runs = [_spellings(run) for run in spaced.split()]
    ids = {i for s in (*parts, *runs) for i in _ids(s) if "." in i}
    return taken_apart(spaced), ids, parts[-1] if parts else ()


def _addresses(address: str, elsewhere: str, reasons: list[str]) -> dict[str, float]:
    if not address or not elsewhere:
        if address or elsewhere:
            reasons.append("only one has an address")
        return {**_NO_ADDRESS, "address_missing": float(bool(address) != bool(elsewhere))}
    (mine, towns, last), (other, other_towns, other_last) = _address(address), _address(elsewhere)
    features, _ = compare_words(mine, other)
    figures = numbers(mine.numbers, other.numbers)
    houses = bool(mine.numbers and other.numbers) and mine.numbers.isdisjoint(other.numbers)
    differ = bool(towns and other_towns) and not _related(towns, other_towns)
    alone = _best(last, other_last) if last and other_last else 1.0
    last_differs = (
        alone < OTHER_PLACE
        and not (towns & other_towns)
        and not _among(last, other)
        and not _among(other_last, mine)
    )
    if houses:
        reasons.append("against: the house numbers differ")
    if differ or last_differs:
        reasons.append("against: the addresses lie in different places")
    elif features["name"] >= SAME_PLACE:
        reasons.append("the addresses agree")
    return {
        "address": max(features["name"], features["whole"], alone),
        "address_apart": features["lone"],
        "last_differs": float(last_differs),
        "towns_differ": float(differ),
        "towns_agree": float(bool(towns & other_towns)),
        "houses_differ": float(houses),
        "houses_agree": figures["numbers_agree"],
        "address_missing": 0.0,
    }


def _among(last: tuple[str, ...], words: Words) -> bool:
    """Return whether a last part stands elsewhere in the other address."""
    texts = tuple(w.text for w in words.words)
    return _best(last, texts) >= SAME_PLACE
