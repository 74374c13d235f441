"""Read the claims of a text in Python, without a case: each with the words that support it.

.venv/bin/python examples/read_a_text.py
"""

from __future__ import annotations

import witnessmark

TEXT = (
    "Labour camps hold people for minor offences, such as missing work. "
    "Some of the people held there work for more than 12 hours a day, a source said."
)

reading = witnessmark.extract(TEXT, lang="en")
for claim in reading.claims:
    if TEXT[claim.start : claim.end] != claim.quote:
        raise SystemExit(f"error: {claim.id} does not stand in the text: report this")
    print(f"{claim.predicate}: {claim.value}  ({claim.modality}, {claim.attribution})")
    print(f"    {claim.start}..{claim.end}: “{claim.quote}”")
