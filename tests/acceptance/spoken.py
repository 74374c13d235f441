"""An invented testimony: no real person, no place finer than a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path

SPEAKER = "Hong Gil-dong"
DETAINEE = "Jang Bo-go"
INTERVIEWER = "Ada Exampleson"
NAMES = (SPEAKER, "홍길동", DETAINEE, INTERVIEWER, "HONG GILDONG", "Gil-dong Hong", "Jang Bogo")

INTERVIEW = f"""Interview with {SPEAKER} by {INTERVIEWER}

In the labour camps the prisoners make wigs and false eyelashes. They work more than 12 hours a day.
HONG GILDONG said that Jang Bogo was beaten because he did not meet the quota. 홍길동은 돌아왔다.
The prisoners make false eyelashes for the Gil-dong Hong Trading Company. Hong Gil-dong Trading
Company exports wigs to China. Hong-Gil-Dong Trading Co. pays nothing.
"""

REPORT = """Report

A source in North Korea said that prisoners in labour camps make wigs. They work more than 12
hours a day, a person called Hong Gil-dong told us.
"""


def record(**changes: object) -> dict[str, object]:
    """Return a whole record, with *changes* to its keys."""
    plain: dict[str, object] = {
        "schema": "witnessmark/testimony/1",
        "code": "W-01",
        "consent": {
            "purposes": ["internal", "filing"],
            "how": "written",
            "date": "2026-10",
            "conditions": "not before next year",
        },
        "interviewer": INTERVIEWER,
        "interpreter": "",
        "language": "en",
        "date": "2026-10",
        "place": {"country": "KP", "province": ""},
        "protected": [
            {"role": "source", "names": [SPEAKER, "홍길동"]},
            {"role": "detainee", "names": [DETAINEE]},
        ],
    }
    return plain | changes


def write_record(path: Path, **changes: object) -> Path:
    """Write that record as a file."""
    path.write_text(yaml.safe_dump(record(**changes), allow_unicode=True), encoding="utf-8")
    return path
