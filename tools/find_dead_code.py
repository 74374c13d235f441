"""Find code that nobody calls: vulture, with what the templates and the libraries call known.

Laws:
1. Only ``src`` counts: what tests alone call is dead.
2. Variables are left out (fields of records cannot be told from dead ones); everything else
   counts from vulture's lowest confidence on.
3. An exception has a reason, and one that is not needed any more is a fault.

    .venv/bin/python tools/find_dead_code.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
LOWEST_CONFIDENCE = 60
KINDS = {"attribute", "class", "function", "import", "method", "property", "unreachable_code"}

CALLED_BY_OTHERS = {
    "__getattr__": "the import system calls it",
    "_main": "typer calls it",
    "readinto": "io.BufferedReader calls it",
    "studied": "tools/train_reader.py calls it",
    "voice_features": "tools/train_reader.py calls it",
}
"""Names that are called from where vulture cannot see, and why."""

PATTERNS_CALLED_BY_OTHERS = {r"handle_\w+": "html.parser calls them"}


def template_names() -> set[str]:
    """Return every word that stands in a template."""
    words: set[str] = set()
    for path in SOURCE.rglob("*.j2"):
        words |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return words


def dead_code() -> list[str]:
    """Return a line for each piece of code that nobody calls, and each idle exception."""
    vulture = Vulture()
    vulture.scavenge([str(SOURCE)])
    in_templates = template_names()
    needed: set[str] = set()
    found: list[str] = []
    for item in vulture.get_unused_code(min_confidence=LOWEST_CONFIDENCE):
        if item.typ not in KINDS or item.name in in_templates:
            continue
        if item.name in CALLED_BY_OTHERS:
            needed.add(item.name)
            continue
        if any(re.fullmatch(pattern, item.name) for pattern in PATTERNS_CALLED_BY_OTHERS):
            continue
        place = Path(item.filename).resolve().relative_to(ROOT)
        found.append(f"{place}:{item.first_lineno}: nobody calls the {item.typ} {item.name}")
    idle = sorted(CALLED_BY_OTHERS.keys() - needed)
    return found + [f"tools/find_dead_code.py: {name} needs no exception now" for name in idle]


if __name__ == "__main__":
    lines = dead_code()
    for line in lines:
        print(f"error: {line}", file=sys.stderr)
    sys.exit(1 if lines else 0)
