"""What the first lines of a text say about it: title, outlet, date, address, standing.

Laws:
1. Only what stands there: an outlet that is not stated stays empty.
2. A text that calls itself a paraphrase or an invented example is taken at its word;
   nothing makes it evidence.
"""

from __future__ import annotations

import re

from witnessmark.core.provenance import INVENTED, PARAPHRASE
from witnessmark.core.source import Standing
from witnessmark.stages.capture.reading import Facts

HEAD_LINES = 6
"""Lines (blank ones left out) in which a text speaks of itself."""

LONGEST_TITLE = 200
"""Code points of a title; a longer first line is cut and ends in an ellipsis."""

PARAPHRASE_WORD = PARAPHRASE.split(" ", 1)[0]

_OUTLET = re.compile(r"^(?P<title>.{3,}?)\s*[((](?P<outlet>[^()()]{2,60})[))]\s*$")
_PUBLISHED = re.compile(r"^(?:published|date)\s*:\s*(\d{4}-\d{2}-\d{2})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:url|source|address)\s*:\s*(https?://\S+)\s*$", re.IGNORECASE)


def head_lines(text: str) -> list[str]:
    """Return the first lines of *text* that are not blank, trimmed."""
    lines = (line.strip().lstrip("#").strip() for line in text[:8000].splitlines())
    return [line for line in lines if line][:HEAD_LINES]


def stated_standing(text: str) -> Standing:
    """Return the standing that the first lines of *text* claim for it."""
    lines = head_lines(text)
    if any(INVENTED in line for line in lines):
        return Standing.INVENTED
    if any(line.startswith(PARAPHRASE_WORD) for line in lines):
        return Standing.PARAPHRASE
    return Standing.EVIDENCE


def facts_of_text(text: str) -> Facts:
    r"""Return what the first lines of a plain text state.

    Example:
        >>> facts_of_text("Work at a camp (Example Wire)\n\nA source said …").outlet
        'Example Wire'
    """
    title = outlet = published = url = ""
    for line in head_lines(text):
        if INVENTED in line or line.startswith(PARAPHRASE_WORD):
            continue
        if match := _PUBLISHED.match(line):
            published = published or match[1]
        elif match := _ADDRESS.match(line):
            url = url or match[1]
        elif not title:
            title, outlet = _title_and_outlet(line)
    return Facts(title, outlet, published, url)


def _title_and_outlet(line: str) -> tuple[str, str]:
    match = _OUTLET.match(line) if len(line) <= LONGEST_TITLE else None
    if match and _is_a_name(match["outlet"]):
        return match["title"], match["outlet"].strip()
    return shortened(line), ""


def _is_a_name(words: str) -> bool:
    """Return whether *words* can name an outlet: a capital, or letters without case."""
    first = words.strip()[:1]
    return first.isalpha() and (first.isupper() or first.lower() == first.upper())


def shortened(title: str) -> str:
    """Return *title* on one line, cut at :data:`LONGEST_TITLE`."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"
