"""A place name as printed: the bare name, the unit it is called, the containers it names.

Laws:
1. What is cut off is kept as a hint (a unit) or as a container, never lost.
2. ``Ryongchon County, North Pyongan province, KP`` and ``평안북도 룡천군`` say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from witnessmark.stages.identify.hangul import has_hangul

_UNITS: tuple[tuple[str, str], ...] = (
    ("counties", "county"),
    ("county", "county"),
    ("provinces", "province"),
    ("province", "province"),
    ("special city", "city"),
    ("city", "city"),
    ("municipality", "city"),
    ("district", "district"),
    ("dist", "district"),
    ("prefecture", "prefecture"),
    ("autonomous region", "province"),
    ("uyghur autonomous region", "province"),
    ("uygur autonomous region", "province"),
    ("state", "province"),
    ("township", "town"),
    ("town", "town"),
    ("region", ""),
    ("area", ""),
    ("tourist zone", ""),
    ("zone", ""),
    ("seaport", ""),
    ("port", ""),
    ("gun", "county"),
    ("kun", "county"),
    ("guyok", "district"),
    ("si", "city"),
    ("do", "province"),
)
_LATIN_UNIT = re.compile(
    r"[\s-]+(" + "|".join(word for word, _ in sorted(_UNITS, key=lambda u: -len(u[0]))) + r")\.?$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:the|city of|county of|province of|town of|port of)\s+", re.IGNORECASE)
_KOREAN_UNIT = (
    ("특별자치도", "province"),
    ("특별자치시", "city"),
    ("특별시", "city"),
    ("광역시", "city"),
    ("직할시", "city"),
    ("구역", "district"),
    ("지구", "district"),
    ("도", "province"),
    ("시", "city"),
    ("군", "county"),
    ("구", "district"),
    ("항", ""),
)
_CHINESE_UNIT = (
    ("省", "province"),
    ("市", "city"),
    ("县", "county"),
    ("区", "district"),
    ("港", ""),
)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place name taken apart.

    Attributes:
        full: the name with its unit.
        bare: the name without it.
        unit: kind of unit that the words name, else empty.
        containers: containers that the words name, the nearest first.
    """

    full: str
    bare: str
    unit: str
    containers: tuple[str, ...]


def take_apart(text: str) -> PlaceName:
    """Return the parts of a printed place name.

    Example:
        >>> take_apart("Yonchon county, North Pyongan province").containers
        ('North Pyongan province',)
        >>> take_apart("평안북도 룡천군").full
        '룡천군'
    """
    parts = [part.strip() for part in re.split(r"[,，、(（)）]", text) if part.strip()]
    if not parts:
        return PlaceName("", "", "", ())
    name, containers = parts[0], parts[1:]
    words = name.split()
    if has_hangul(name) and len(words) > 1 and all(has_hangul(word) for word in words):
        name, containers = words[-1], [*reversed(words[:-1]), *containers]
    name = _LEADING.sub("", name)
    bare, unit = _without_unit(name)
    return PlaceName(name, bare, unit, tuple(containers))


def _without_unit(name: str) -> tuple[str, str]:
    found = _LATIN_UNIT.search(name)
    if found is not None:
        kinds = dict(_UNITS)
        return name[: found.start()], kinds[found[1].lower()]
    for ending, kind in (*_KOREAN_UNIT, *_CHINESE_UNIT):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending), kind
    return name, ""


_PARTICLES = (
    "에서는",
    "에서",
    "으로",
    "에는",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "로",
    "와",
    "과",
    "도",
)


def without_particle(name: PlaceName) -> PlaceName:
    """Return *name* without a Korean particle at its end, as it is where it has none.

    Only for names that mean nothing as they stand: 은 and 도 also end names.

    Example:
        >>> without_particle(take_apart("북한은")).full
        '북한'
    """
    if not has_hangul(name.full):
        return name
    for particle in _PARTICLES:
        stem = name.full.removesuffix(particle)
        if stem != name.full and len(stem) > 1:
            bare, unit = _without_unit(stem)
            return PlaceName(stem, bare, unit, name.containers)
    return name
