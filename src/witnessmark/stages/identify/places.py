"""Which place a name means: candidates, best first, each with its reasons.

Laws:
1. A reading is a proposal with reasons; the rejected ones are shown with the reason against.
2. Two places that share a spelling are both shown, and both say that the name is ambiguous.
3. A looser match never stands above a stricter one of the same container.
4. A coordinate is the gazetteer's or none.

Steps, by the same numbers in the code:
    1  the spelling itself, marks and unit words aside
    2  the spellings of one Korean sound (ch/j, k/g, eo/o ...)
    3  the southern spelling of a northern initial (룡/용, 락/낙)
    4  ``ng`` written ``n``
    5  one letter off, only inside a stated container that holds nothing by steps 1 to 4
    6  the container, the country and the company that the name keeps
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from witnessmark.core.actor import PlaceCandidate
from witnessmark.stages.identify.gazetteer import Gazetteer, Place, Spelling, load_gazetteer
from witnessmark.stages.identify.hangul import decompose, is_hangul, southern
from witnessmark.stages.identify.keys import equivalent, nasal_blurred, plain, southern_head
from witnessmark.stages.identify.placename import PlaceName, take_apart, without_particle

SPELT_SO = 0.9
SOUNDS_SO = 0.8
SOUTHERN = 0.75
NASAL = 0.6
ONE_OFF = 0.4
"""Weights of steps 1 to 5: an order, not a probability (our convention, D)."""

INSIDE = 0.1
OUTSIDE = 0.4
OTHER_COUNTRY = 0.4
IN_COMPANY = 0.04
OUT_OF_COMPANY = 0.6
WITH_MARKS = 0.05
OTHER_UNIT = 0.95
AMBIGUITY_MARGIN = 0.03
"""Two scores nearer than this stand equal; kinds and order alone do not part them."""

LEAST_LETTERS_FOR_ONE_OFF = 6
REMEMBERED = 4096
"""Answers kept in memory: a pure function of its arguments, asked again for every mention."""

SHOWN = 12
"""Candidates returned at most."""

_KIND_ORDER = ("country", "province", "city", "prefecture", "county", "town", "district")
_CONTAINERS = frozenset({"country", "province", "city", "prefecture", "county"})


@dataclass(slots=True)
class _Reading:
    """A candidate while it is being weighed."""

    place: Place
    score: float
    step: int
    reasons: list[str] = field(default_factory=list)


def find_place(
    name: str,
    *,
    within: str | None = None,
    country: str | None = None,
    context: tuple[str, ...] = (),
) -> tuple[PlaceCandidate, ...]:
    """Return the places that *name* can mean, best first.

    Args:
        name: as printed, in any script (``Yonchon county``, ``룡천군``, ``Ryongch'ŏn``).
        within: a container that the text states (``North Pyongan``), in any spelling.
        country: ISO 3166-1 alpha-2 of the country that the text states.
        context: other containers that the text names, for order only.

    Example:
        >>> [c.native for c in find_place("Yonchon", within="North Pyongan")][:2]
        ['룡천군', '연천군']
    """
    return _find(name, within, country, context)


@lru_cache(maxsize=REMEMBERED)
def _find(
    name: str, within: str | None, country: str | None, context: tuple[str, ...]
) -> tuple[PlaceCandidate, ...]:
    gazetteer = load_gazetteer()
    wanted = take_apart(name)
    if not _match(gazetteer, wanted):
        wanted = without_particle(wanted)
    stated = [within] if within else list(wanted.containers)
    containers = [found for text in stated if (found := _containers(gazetteer, text))]
    readings = _match(gazetteer, wanted)
    if containers:
        readings += _one_off(gazetteer, wanted, containers[0][1], readings)
    _weigh_containers(gazetteer, readings, containers)
    _weigh_country(gazetteer, readings, country)
    _weigh_company(gazetteer, readings, context)
    readings.sort(key=lambda r: (-round(r.score, 4), _KIND_ORDER.index(r.place.kind), r.place.id))
    _say_ambiguous(gazetteer, readings)
    return tuple(_candidate(gazetteer, reading) for reading in readings[:SHOWN])


def is_ambiguous(candidates: tuple[PlaceCandidate, ...]) -> bool:
    """Return whether the two best candidates stand equal."""
    return len(candidates) > 1 and candidates[0].score - candidates[1].score < AMBIGUITY_MARGIN


def _containers(gazetteer: Gazetteer, text: str) -> tuple[str, frozenset[str]] | None:
    """Return the printed container and the ids of the units that it can mean."""
    code = text.strip()
    if len(code) == 2 and code.isupper() and code.lower() in gazetteer.places:  # noqa: PLR2004 - ISO alpha-2
        return gazetteer.places[code.lower()].latin, frozenset({code.lower()})
    readings = [
        reading
        for reading in _match(gazetteer, take_apart(text))
        if reading.place.kind in _CONTAINERS
    ]
    if not readings:
        return None
    best = max(reading.score for reading in readings)
    ids = frozenset(r.place.id for r in readings if best - r.score < AMBIGUITY_MARGIN)
    latin = min(gazetteer.places[key].latin for key in ids)
    return latin, ids


def _match(gazetteer: Gazetteer, wanted: PlaceName) -> list[_Reading]:
    """Steps 1 to 4: every place that a key of the name leads to, by its strictest step."""
    found: dict[str, _Reading] = {}
    for written in dict.fromkeys((wanted.full, wanted.bare)):
        key = equivalent(written)
        steps: tuple[tuple[int, float, list[Spelling]], ...] = (
            (1, SPELT_SO, gazetteer.by_plain.get(plain(written), [])),
            (2, SOUNDS_SO, gazetteer.by_equivalent.get(key, [])),
            (3, SOUTHERN, gazetteer.by_southern.get(southern_head(key), [])),
            (4, NASAL, gazetteer.by_nasal.get(nasal_blurred(southern_head(key)), [])),
        )
        for step, weight, spellings in steps:
            if step > 1 and not plain(written).isascii():
                break
            for spelling in spellings:
                reading = _reading(wanted, written, spelling, step, weight)
                kept = found.get(spelling.place.id)
                if kept is None or (kept.step, -kept.score) > (step, -reading.score):
                    found[spelling.place.id] = reading
    return list(found.values())


def _reading(
    wanted: PlaceName, written: str, spelling: Spelling, step: int, weight: float
) -> _Reading:
    place = spelling.place
    reading = _Reading(place, weight, step, [_why_spelt(written, spelling, step)])
    head_moves = spelling.southern or (step > 2 and _drops_head(place, written))  # noqa: PLR2004 - steps 3 and 4
    if head_moves:
        reading.reasons.append(_why_southern(place))
    if step == 4:  # noqa: PLR2004 - the step's number
        reading.reasons.append("“ng” of the name is written “n” here")
    if step == 1 and not written.isascii() and _same_marks(written, spelling.written):
        reading.score += WITH_MARKS
    elif step == 1 and _has_marks(written) and not _same_marks(written, spelling.written):
        reading.score -= WITH_MARKS
        reading.reasons.append(f"its marks differ from “{spelling.written}”")
    if wanted.unit and place.kind != wanted.unit:
        reading.score *= OTHER_UNIT
        reading.reasons.append(f"the text calls it a {wanted.unit}; this is a {place.kind}")
    return reading


def _same_marks(left: str, right: str) -> bool:
    return left.replace("'", "’").casefold() == right.replace("'", "’").casefold()


def _has_marks(written: str) -> bool:
    return any(not c.isascii() and c.isalpha() for c in written) and plain(written).isascii()


def _why_spelt(written: str, spelling: Spelling, step: int) -> str:
    name = spelling.place.native
    if step == 1 and spelling.system == "listed":
        return f"“{written}” is a listed spelling of {name}"
    if step == 1:
        return f"“{written}” is {name} in {spelling.system}, marks aside"
    return f"“{written}” sounds like {spelling.written}, {name}"


def _drops_head(place: Place, written: str) -> bool:
    stem = place.stem
    return bool(stem) and southern(stem) != stem and plain(written)[:1] not in {"r", "l"}


def _why_southern(place: Place) -> str:
    stem = place.stem
    if not stem or not is_hangul(stem[0]):
        return "southern spelling of a northern name"
    letter = decompose(stem[0]).initial
    head = southern(stem)
    verb = "dropped" if decompose(head[0]).initial == "ㅇ" else "ㄴ"
    what = "is dropped" if verb == "dropped" else "becomes ㄴ"
    return f"the initial {letter} {what} in the southern spelling ({stem[0]} → {head[0]})"


def _one_off(
    gazetteer: Gazetteer, wanted: PlaceName, inside: frozenset[str], readings: list[_Reading]
) -> list[_Reading]:
    """Step 5: places of the container whose key is one letter away."""
    key = equivalent(wanted.bare)
    if not plain(wanted.bare).isascii() or len(key) < LEAST_LETTERS_FOR_ONE_OFF:
        return []
    if any(gazetteer.ancestors(reading.place) & inside for reading in readings):
        return []
    extra: dict[str, _Reading] = {}
    for other, spellings in gazetteer.by_equivalent.items():
        if Levenshtein.distance(key, other, score_cutoff=1) > 1:
            continue
        for spelling in spellings:
            place = spelling.place
            if not gazetteer.ancestors(place) & inside:
                continue
            why = f"“{wanted.bare}” is one letter away from {spelling.written} ({place.native})"
            extra.setdefault(place.id, _Reading(place, ONE_OFF, 5, [why]))
    return [extra[key] for key in sorted(extra)]


def _weigh_containers(
    gazetteer: Gazetteer,
    readings: list[_Reading],
    containers: list[tuple[str, frozenset[str]]],
) -> None:
    """Step 6: a place inside every stated container gains, any other is set back."""
    if not containers:
        return
    names = " and ".join(name for name, _ in containers)
    held: list[_Reading] = []
    for reading in readings:
        ancestors = gazetteer.ancestors(reading.place) | {reading.place.id}
        if all(ancestors & ids for _, ids in containers):
            reading.score = min(1.0, reading.score + INSIDE)
            held.append(reading)
        else:
            reading.score *= OUTSIDE
            reading.reasons.append(f"against: {_lies_in(gazetteer, reading.place)}, not in {names}")
    for reading in held:
        if len(held) == 1:
            reading.reasons.append(f"{names} holds only this reading of the name")
        else:
            reading.reasons.append(f"lies in {names}, as the text states")


def _lies_in(gazetteer: Gazetteer, place: Place) -> str:
    country = gazetteer.country_name(place.country)
    container = gazetteer.name_of_container(place)
    if not container:
        return "it is a country"
    return f"lies in {container}" + ("" if container == country else f", {country}")


def _weigh_country(gazetteer: Gazetteer, readings: list[_Reading], country: str | None) -> None:
    if not country:
        return
    name = gazetteer.country_name(country.upper())
    for reading in readings:
        if reading.place.country == country.upper():
            reading.reasons.append(f"lies in {name}, the country stated")
        else:
            reading.score *= OTHER_COUNTRY
            where = gazetteer.country_name(reading.place.country)
            reading.reasons.append(f"against: lies in {where}, not in {name}")


def _weigh_company(
    gazetteer: Gazetteer, readings: list[_Reading], context: tuple[str, ...]
) -> None:
    """Step 6, the weaker part: what else the text names."""
    company = [found for text in context if (found := _containers(gazetteer, text))]
    ids = frozenset(key for _, keys in company for key in keys)
    if not ids:
        return
    countries = {gazetteer.places[key].country for key in ids}
    rivals = len({reading.place.country for reading in readings}) > 1
    for reading in readings:
        inside = gazetteer.ancestors(reading.place) & ids
        if inside:
            names = ", ".join(sorted({gazetteer.places[key].latin for key in inside}))
            reading.score += IN_COMPANY * len(inside)
            reading.reasons.append(f"the text also names {names}, in which it lies")
        elif rivals and reading.place.country not in countries and reading.place.within:
            reading.score *= OUT_OF_COMPANY
            where = gazetteer.country_name(reading.place.country)
            reading.reasons.append(f"against: the text names no other place in {where}")


def _say_ambiguous(gazetteer: Gazetteer, readings: list[_Reading]) -> None:
    if not readings:
        return
    best = readings[0].score
    equal = [r for r in readings if best - r.score < AMBIGUITY_MARGIN]
    if len(equal) < 2:  # noqa: PLR2004 - one candidate is not a pair
        return
    for reading in equal:
        others = [
            f"{other.place.native} ({_lies_in(gazetteer, other.place).removeprefix('lies in ')})"
            for other in equal
            if other is not reading
        ]
        reading.reasons.append(
            f"ambiguous: the spelling is shared with {', '.join(others[:4])}"
            + (f" and {len(others) - 4} more" if len(others) > 4 else "")  # noqa: PLR2004 - four are enough to read
        )


def _candidate(gazetteer: Gazetteer, reading: _Reading) -> PlaceCandidate:
    place = reading.place
    if place.coordinate_code == "K":
        reading.reasons.append(f"coordinate from memory (K), within {place.precision_km:g} km")
    _, filed, otherwise = place.source.partition(", filed there as ")
    if filed:
        reading.reasons.append(f"coordinate: GeoNames files this place as {otherwise}")
    return PlaceCandidate(
        name=place.latin,
        native=place.native,
        kind=place.kind,
        within=gazetteer.name_of_container(place),
        country=place.country,
        lat=place.lat,
        lon=place.lon,
        precision_km=place.precision_km,
        score=round(min(1.0, max(0.0, reading.score)), 3),
        reasons=tuple(reading.reasons),
        gazetteer=f"{place.id}@{gazetteer.version}",
    )
