"""The offline map: pure geometry from places to a drawing.

Laws:
1. A circle shows the stated precision, to scale.
2. The base map holds coasts and borders only; towns are for finding the way.
3. Nothing on the map stands for a photographed facility.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.store.rulebook import load_rules, rule_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.stages.write.sites import Site

KM_PER_DEGREE = 111.2
"""Length of one degree of latitude on a sphere of 6,371 km radius."""
LEAST_HALF_HEIGHT_DEGREES = 0.75
"""A map shows about 170 km from south to north at least, so that a reader knows the area."""
LABEL_STEP = 1.35
"""Least distance of two labels, in heights of the type."""
EDGE = 15
"""Pixels from the edge within which no town is named."""
ROOM_FOR_A_NAME = 80
"""Pixels that a town's name may need to the left of it."""
SCALE_STEPS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map.

    Attributes:
        x: pixels from the left.
        y: pixels from the top.
        radius: of the circle of precision, 0 where none is stated.
        label_x: where the label begins.
        label_y: base line of the label.
        name: Latin name.
        native: native name.
        claims: ids of the claims that name it.
        number: its number in the list beside the map.
    """

    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    name: str
    native: str
    claims: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town by which a reader finds the way."""

    x: float
    y: float
    name: str
    left: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn map."""

    width: int
    height: int
    type_size: float
    lands: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    towns: tuple[Town, ...]
    scale_pixels: float
    scale_km: int
    credit: str


@cache
def _basemap() -> tuple[dict[str, Any], ...]:
    rules = load_rules("write/map.yaml", "witnessmark/map/1")
    layers: list[dict[str, Any]] = json.loads(rule_bytes(rules["basemap"]))["layers"]
    return tuple(layers)


@dataclass(frozen=True, slots=True)
class _View:
    west: float
    north: float
    per_degree: float
    squeeze: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        return (
            round((lon - self.west) * self.per_degree * self.squeeze, 1),
            round((self.north - lat) * self.per_degree, 1),
        )


def chart_of(sites: Sequence[Site], width: int, height: int, type_size: float) -> Chart | None:
    """Return the map of the drawable *sites*, or None where there is none to draw.

    Args:
        sites: places of the case.
        width: of the drawing, in pixels.
        height: of the drawing, in pixels.
        type_size: of the labels, in pixels.
    """
    drawn = _once([site for site in sites if site.drawable])
    located = [site for site in drawn if _kind(site) != "province"] or drawn
    if not located:
        return None
    points = [_point(site) for site in located]
    view = _view(points, width, height)
    rules = load_rules("write/map.yaml", "witnessmark/map/1")
    marks = _marks(located, view, width, type_size)
    return Chart(
        width,
        height,
        type_size,
        _lands(view, width, height),
        marks,
        _towns(rules["towns"], view, width, height, marks),
        *_scale_bar(view, width),
        str(rules["credit"]),
    )


def _once(sites: Sequence[Site]) -> list[Site]:
    """Return *sites* with those that are read as one place drawn as one."""
    places: dict[str, Site] = {}
    for site in sites:
        key = (
            site.reading.chosen.gazetteer + site.reading.chosen.name if site.reading.chosen else ""
        )
        held = places.get(key)
        if held is None:
            places[key] = site
        else:
            claims = tuple(dict.fromkeys((*held.claims, *site.claims)))
            places[key] = replace(held, claims=claims)
    return list(places.values())


def _kind(site: Site) -> str:
    return site.reading.chosen.kind if site.reading.chosen else ""


def _point(site: Site) -> tuple[float, float, float]:
    chosen = site.reading.chosen
    if chosen is None or chosen.lat is None or chosen.lon is None:
        message = f"{site.reading.id} has no coordinate to draw"
        raise ValueError(message)
    return chosen.lat, chosen.lon, chosen.precision_km or 0.0


def _view(points: Sequence[tuple[float, float, float]], width: int, height: int) -> _View:
    reach = [p[2] / KM_PER_DEGREE for p in points]
    south = min(p[0] - r for p, r in zip(points, reach, strict=True))
    north = max(p[0] + r for p, r in zip(points, reach, strict=True))
    west = min(p[1] - r for p, r in zip(points, reach, strict=True))
    east = max(p[1] + r for p, r in zip(points, reach, strict=True))
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    squeeze = max(math.cos(math.radians(middle_lat)), 0.1)
    half = max(
        (north - south) / 2 * 1.5,
        (east - west) / 2 * 1.7 * squeeze * height / width,
        LEAST_HALF_HEIGHT_DEGREES,
    )
    per_degree = height / (2 * half)
    half_width = width / 2 / per_degree / squeeze
    return _View(middle_lon - half_width, middle_lat + half, per_degree, squeeze)


def _lands(view: _View, width: int, height: int) -> tuple[tuple[str, str], ...]:
    east = view.west + width / view.per_degree / view.squeeze
    south = view.north - height / view.per_degree
    chosen = next(
        (
            layer
            for layer in _basemap()
            if layer["box"][0] <= view.west
            and layer["box"][1] <= south
            and east <= layer["box"][2]
            and view.north <= layer["box"][3]
        ),
        _basemap()[-1],
    )
    scale = chosen["scale"]
    lands: list[tuple[str, str]] = []
    for land in chosen["lands"]:
        paths = [
            path for ring in land["rings"] if (path := _path(ring, scale, view, (width, height)))
        ]
        if paths:
            lands.append((str(land["code"]), "".join(paths)))
    return tuple(lands)


def _path(ring: Sequence[int], scale: int, view: _View, size: tuple[int, int]) -> str:
    """Return the ring as a path, cut to the drawing; empty where it lies outside."""
    points = [
        view.at(ring[index + 1] / scale, ring[index] / scale) for index in range(0, len(ring), 2)
    ]
    margin = 20.0
    for axis, limit, sign in (
        (0, -margin, 1),
        (0, size[0] + margin, -1),
        (1, -margin, 1),
        (1, size[1] + margin, -1),
    ):
        points = _cut(points, axis, limit, sign)
    if len(points) < 3:  # noqa: PLR2004 - fewer points enclose nothing
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _cut(
    points: Sequence[tuple[float, float]], axis: int, limit: float, sign: int
) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for index, point in enumerate(points):
        before = points[index - 1]
        inside = (point[axis] - limit) * sign >= 0
        if inside != ((before[axis] - limit) * sign >= 0):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append(
                (
                    round(before[0] + share * (point[0] - before[0]), 1),
                    round(before[1] + share * (point[1] - before[1]), 1),
                )
            )
        if inside:
            kept.append(point)
    return kept


def _marks(sites: Sequence[Site], view: _View, width: int, type_size: float) -> tuple[Mark, ...]:
    placed: list[Mark] = []
    order = sorted(range(len(sites)), key=lambda n: _point(sites[n])[0], reverse=True)
    lowest = -math.inf
    for number in order:
        site = sites[number]
        lat, lon, precision = _point(site)
        x, y = view.at(lat, lon)
        radius = round(precision / KM_PER_DEGREE * view.per_degree, 1)
        label_y = max(y + type_size / 3, lowest + type_size * LABEL_STEP)
        lowest = label_y
        chosen = site.reading.chosen
        name, native = (chosen.name, chosen.native) if chosen else (site.reading.surface, "")
        reach = max(radius, 6.0) + 8
        length = (len(name) * 0.58 + len(native) * 1.0 + 1) * type_size
        label_x = x + reach if x + reach + length < width else max(x - reach - length, 4.0)
        placed.append(
            Mark(
                x,
                y,
                radius,
                round(label_x, 1),
                round(label_y, 1),
                name,
                native,
                site.claims,
                number + 1,
            )
        )
    return tuple(sorted(placed, key=lambda mark: mark.number))


def _towns(
    rows: Sequence[dict[str, Any]], view: _View, width: int, height: int, marks: Sequence[Mark]
) -> tuple[Town, ...]:
    towns: list[Town] = []
    for row in rows:
        x, y = view.at(row["lat"], row["lon"])
        if not (EDGE < x < width - EDGE and EDGE < y < height - 2 * EDGE):
            continue
        if any(abs(x - town.x) < 60 and abs(y - town.y) < 14 for town in towns):  # noqa: PLR2004 - px
            continue
        towns.append(
            Town(
                x,
                y,
                str(row["name"]),
                left=any(m.x >= x - 40 for m in marks) and x > ROOM_FOR_A_NAME,
            )
        )
    return tuple(towns)


def _scale_bar(view: _View, width: int) -> tuple[float, int]:
    pixels_per_km = view.per_degree / KM_PER_DEGREE
    fitting = [km for km in SCALE_STEPS_KM if km * pixels_per_km <= width / 4]
    km = fitting[-1] if fitting else SCALE_STEPS_KM[0]
    return round(km * pixels_per_km, 1), km
