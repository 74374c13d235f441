"""Make the offline base map of the dossier from Natural Earth (public domain).

Laws:
1. The base map holds coastlines and borders only: no roads, no buildings, nothing
   from which a site could be found.
2. Arcs are simplified before they are joined, so that neighbours share one border.
3. Same in, same out: the written file depends on the input files alone.

Usage::

    python tools/build_basemap.py WORLD_ATLAS_FOLDER src/witnessmark/rules/write/basemap.json
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]

CORNERS = 3
"""Fewer points enclose nothing."""


@dataclass(frozen=True)
class Layer:
    """What one layer of the map takes from which file.

    Attributes:
        name: name of the layer.
        file: file of the atlas.
        box: west, south, east, north, in degrees.
        tolerance: of the simplification, in degrees.
        scale: integer units per degree.
        smallest: rings whose box is smaller than this are left out, in degrees.
    """

    name: str
    file: str
    box: Box
    tolerance: float
    scale: int
    smallest: float


LAYERS = (
    Layer("north_east_asia", "countries-10m.json", (116.0, 32.5, 133.5, 44.5), 0.006, 1000, 0.02),
    Layer("world", "countries-50m.json", (-180.0, -60.0, 180.0, 84.0), 0.12, 100, 0.4),
)

ALPHA2 = {"408": "KP", "410": "KR", "156": "CN", "643": "RU", "392": "JP", "496": "MN"}
"""ISO 3166-1 numeric to alpha-2, for the lands that the near layer names."""


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a quantised topology in degrees (TopoJSON, section 2.1.3)."""
    (scale_x, scale_y) = topology["transform"]["scale"]
    (move_x, move_y) = topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for step_x, step_y in arc:
            x += step_x
            y += step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)
    return arcs


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Return *points* thinned by Douglas and Peucker's rule, ends kept."""
    if len(points) < CORNERS:
        return points
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        worst, at = 0.0, 0
        for index in range(first + 1, last):
            distance = _distance(points[index], points[first], points[last])
            if distance > worst:
                worst, at = distance, index
        if worst > tolerance:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [points[index] for index in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length))
    return float(((px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2) ** 0.5)


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring that is given as signed arc numbers."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def clip(points: list[Point], box: Box) -> list[Point]:
    """Return the polygon *points* cut to *box* (Sutherland and Hodgman's rule)."""
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        cut: list[Point] = []
        for index, point in enumerate(points):
            before = points[index - 1]
            inside = (point[axis] - limit) * sign >= 0
            was_inside = (before[axis] - limit) * sign >= 0
            if inside != was_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                cut.append(
                    (
                        before[0] + share * (point[0] - before[0]),
                        before[1] + share * (point[1] - before[1]),
                    )
                )
            if inside:
                cut.append(point)
        points = cut
    return points


def build_layer(layer: Layer, folder: Path) -> dict[str, Any]:
    """Return one layer: lands with flat integer rings (longitude, latitude, …)."""
    topology = json.loads((folder / layer.file).read_text())
    arcs = [simplify(arc, layer.tolerance) for arc in decode_arcs(topology)]
    lands: list[dict[str, Any]] = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        groups = geometry["arcs"]
        polygons = [groups] if geometry["type"] == "Polygon" else groups
        rings: list[list[int]] = []
        for ring in (ring for polygon in polygons for ring in polygon):
            points = clip(ring_points(ring, arcs), layer.box)
            flat = [round(value * layer.scale) for point in points for value in point]
            longitudes, latitudes = flat[::2], flat[1::2]
            if len(flat) < 2 * CORNERS or (
                max(longitudes) - min(longitudes) < layer.smallest * layer.scale
                and max(latitudes) - min(latitudes) < layer.smallest * layer.scale
            ):
                continue
            rings.append(flat)
        if rings:
            code = ALPHA2.get(str(geometry.get("id", "")), "")
            lands.append({"code": code, "name": geometry["properties"]["name"], "rings": rings})
    lands.sort(key=lambda land: (land["code"], land["name"]))
    return {"name": layer.name, "box": layer.box, "scale": layer.scale, "lands": lands}


def main(arguments: list[str]) -> int:
    """Write the base map; return the exit code."""
    if len(arguments) != len(("folder", "target")):
        print("error: give the folder of world-atlas and the file to write", file=sys.stderr)
        return 2
    folder, target = Path(arguments[0]), Path(arguments[1])
    content = {
        "schema": "witnessmark/basemap/1",
        "version": "2026.11",
        "provenance": "Natural Earth 4.1 (public domain) by world-atlas 2.0.2 (ISC); "
        "tools/build_basemap.py",
        "code": "S",
        "layers": [build_layer(layer, folder) for layer in LAYERS],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"
    target.write_text(text)
    print(f"{target}: {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
