"""Move the fragments of ``changelog.d/`` into ``CHANGELOG.md`` under a version.

Law: a fragment is moved, never lost: the changelog is written before a fragment is removed.

    .venv/bin/python tools/collect_changelog.py 0.1.0 2026-11-25
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "security": "Security",
}
"""Kinds of change, in the order in which they are printed."""
MARK = "<!-- released versions below -->\n"


def fragments(folder: Path) -> list[tuple[str, Path]]:
    """Return kind and path of each fragment in *folder*, in the order of printing.

    Raises:
        ValueError: a file is not named ``NAME.KIND.md`` with a known kind, or is empty.
    """
    found: list[tuple[str, Path]] = []
    for path in sorted(folder.iterdir()):
        if path.name == "README.md":
            continue
        parts = path.name.split(".")
        if len(parts) != len(("name", "kind", "md")) or parts[1] not in KINDS:
            raise ValueError(f"{path.name}: name it NAME.KIND.md, KIND one of {', '.join(KINDS)}")
        if not path.read_text(encoding="utf-8").strip():
            raise ValueError(f"{path.name}: it is empty")
        found.append((parts[1], path))
    order = list(KINDS)
    return sorted(found, key=lambda pair: (order.index(pair[0]), pair[1].name))


def section(version: str, day: str, entries: list[tuple[str, str]]) -> str:
    """Return the section of *version*: a heading per kind, a line per entry."""
    text = f"\n## {version} · {day}\n"
    for kind, heading in KINDS.items():
        lines = [" ".join(entry.split()) for its_kind, entry in entries if its_kind == kind]
        if lines:
            text += f"\n### {heading}\n\n" + "".join(f"- {line}\n" for line in lines)
    return text


def main(arguments: list[str]) -> int:
    """Collect; return the exit code."""
    try:
        version, day = arguments
    except ValueError:
        print("error: give VERSION and DATE", file=sys.stderr)
        return 2
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        print(f"error: {day} is not a date: write it as 2026-11-25", file=sys.stderr)
        return 2
    found = fragments(ROOT / "changelog.d")
    entries = [(kind, path.read_text(encoding="utf-8")) for kind, path in found]
    changelog = ROOT / "CHANGELOG.md"
    head, mark, released = changelog.read_text(encoding="utf-8").partition(MARK)
    changelog.write_text(head + mark + section(version, day, entries) + released, encoding="utf-8")
    for _, path in found:
        path.unlink()
    print(f"CHANGELOG.md: {version}, {len(found)} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
