"""File names as labels: a name never reaches the disk as a path.

Law: what a sender or an archive calls a file is text for people. Folders, control
signs and signs that turn the direction of writing are taken out of it.
"""

from __future__ import annotations

import unicodedata

LONGEST = 120
"""Code points of a label; a longer name is cut before its ending."""

UNNAMED = "unnamed"


def label(name: str) -> str:
    r"""Return *name* as a harmless label: its last part, visible signs only.

    Example:
        >>> label("../../etc/cron.d/report.pdf")
        'report.pdf'
        >>> label("C:\\x\\photo\u202egpj.exe")
        'photogpj.exe'
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    seen = "".join(
        sign for sign in last if unicodedata.category(sign)[0] not in {"C", "Z"} or sign == " "
    )
    trimmed = " ".join(seen.split()).strip(". ") if not seen.startswith(".") else seen.strip(" ")
    trimmed = trimmed.lstrip(".") if trimmed.strip(".") == "" else trimmed
    if len(trimmed) > LONGEST:
        stem, dot, ending = trimmed.rpartition(".")
        keep = LONGEST - len(dot) - len(ending)
        trimmed = f"{stem[:keep]}{dot}{ending}" if dot and keep > 0 else trimmed[:LONGEST]
    return trimmed or UNNAMED
