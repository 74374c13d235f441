"""Write the strings by which searches are kept from sentences: ``rules/extract/literals.json``.

Laws:
1. The file is made from the rule files alone; the same rules give the same bytes.
2. An old file makes the reading slower, never wrong: what it lacks is worked out on the spot.

    .venv/bin/python tools/make_literals.py
"""

from __future__ import annotations

import json
from pathlib import Path

from witnessmark.stages.extract.gate import TABLE, table

RULES = Path(__file__).resolve().parent.parent / "src" / "witnessmark" / "rules"


def written() -> str:
    """Return the bytes of the file, as text."""
    return json.dumps(table(), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    (RULES / TABLE).write_text(written(), encoding="utf-8")
    print(f"wrote rules/{TABLE}")
