"""Origins: every join has its rule, and nothing independent is joined."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import witnessmark
from witnessmark import extract
from witnessmark.core.source import Source, SourceKind, Standing
from witnessmark.stages.weigh.origins import labels_by_claim, origins, shared_sentences

FIRST = "Prisoners make wigs in the camp every day. Some work for more than twelve hours a day. "
SECOND = "A firm sells lamps made by its own people. Nobody was heard to complain about the work. "


def labels(groups: Any) -> Any:
    return [group.sources for group in groups]


def test_two_reports_are_two_origins(source: Any, claim: Any) -> None:
    """Two texts of other words, outlets and voices stay two."""
    rows = [claim("wage", "unpaid", source="s1"), claim("bribe", "x", source="s2", speaker="b")]
    groups = origins([source("s1", FIRST), source("s2", SECOND)], {"s1": FIRST, "s2": SECOND}, rows)
    assert labels(groups) == [("s1",), ("s2",)]
    assert [g.label for g in groups] == ["A", "B"]
    assert all(g.why == () for g in groups)


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ({}, {"text": FIRST}, "rule 1"),
        ({"url": "https://example.org/a"}, {"url": "https://example.org/a"}, "rule 2"),
        ({}, {"text": FIRST + "A line of our own stands here."}, "rule 3"),
        (
            {"outlet": "Example Wire", "published": "2025-05-23"},
            {"outlet": "Example Wire", "published": "2025-05-23", "lang": "ko"},
            "rule 4",
        ),
        (
            {"outlet": "Example Wire", "published": "2025-05-23"},
            {
                "outlet": "Example Wire",
                "published": "2025-05-23",
                "standing": Standing.PARAPHRASE,
            },
            "rule 4",
        ),
        ({"outlet": "Example Wire"}, {"speaker": "a source of Example Wire"}, "rule 5"),
        (
            {"url": "https://example.org/a"},
            {"text": SECOND + "See https://example.org/a"},
            "rule 5",
        ),
    ],
)
def test_an_echo_is_joined_by_a_named_rule(
    source: Any, claim: Any, first: Any, second: Any, rule: Any
) -> None:
    """A copy, translation, paraphrase or report that rests on the other is one origin."""
    first_text = first.pop("text", FIRST)
    text = second.pop("text", SECOND)
    speaker = second.pop("speaker", "another voice")
    rows = [claim("wage", "unpaid", source="s1"), claim("bribe", "x", source="s2", speaker=speaker)]
    groups = origins(
        [source("s1", first_text, **first), source("s2", text, **second)],
        {"s1": first_text, "s2": text},
        rows,
    )
    assert labels(groups) == [("s1", "s2")]
    assert rule in groups[0].why[0]
    assert groups[0].claims == tuple(row.id for row in rows)


TOLD = [
    ("site_kind", "labour_camp"),
    ("makes", "wig"),
    ("hours_per_day", {"amount": 12, "unit": "hour/day", "comparator": ">"}),
    ("indicator", "excessive_overtime"),
    ("quota", "weekly"),
    ("reward", "rice"),
    ("penalty", "all night"),
    ("wage", "unpaid"),
]


def told(claim: Any, name: str, rows: Any, suffix: str = "") -> list[Any]:
    return [
        claim(p, v + suffix if isinstance(v, str) and p in {"quota", "reward", "penalty"} else v,
              source=name, start=n, speaker=f"voice of {name} here")
        for n, (p, v) in enumerate(rows)
    ]  # fmt: skip


def test_a_translation_is_known_by_what_it_tells_in_what_order(source: Any, claim: Any) -> None:
    """Eight statements in one order, phrases in other words, are one report (rule 6)."""
    both = [source("s1", FIRST), source("s2", SECOND, lang="ko")]
    rows = told(claim, "s1", TOLD) + told(claim, "s2", TOLD, suffix=" in other words")
    assert "rule 6" in origins(both, {}, rows)[0].why[0]


def test_two_witnesses_who_confirm_each_other_stay_two(source: Any, claim: Any) -> None:
    """Seven points in agreement, or eight in another order, are corroboration and no echo."""
    both = [source("s1", FIRST), source("s2", SECOND)]
    few = told(claim, "s1", TOLD[:7]) + told(claim, "s2", TOLD[:7])
    assert len(origins(both, {}, few)) == 2
    turned = told(claim, "s1", TOLD) + told(claim, "s2", TOLD[::-1])
    assert len(origins(both, {}, turned)) == 2


def test_the_first_report_and_its_paraphrases_are_one_origin(shared: Path) -> None:
    """The report, its English and its Korean paraphrase, stripped of addresses, are one origin."""
    folder = Path(witnessmark.__file__).parent / "examples" / "first_case"
    texts = {
        "s1": json.loads((shared / "corpus" / "seed.json").read_text())["text"],
        **{
            name: re.sub(r"https?://\S+", "", (folder / file).read_text())
            for name, file in (("s2", "report-en.txt"), ("s3", "report-ko.txt"))
        },
    }
    rows = [
        replace(claim, source=name)
        for name, text in texts.items()
        for claim in extract(text).claims
    ]
    assert all(any(c.source == name for c in rows) for name in texts)
    groups = origins([], texts, rows)
    assert (
        len(groups) == 3
    )  # sources that capture never saw are not joined: nothing is known of them
    sources = [
        Source(n, n, SourceKind.TEXT, "text/plain", 1, n, "", "", "file", "en") for n in texts
    ]
    assert len(origins(sources, texts, rows)) == 1


def test_independent_passages_stay_apart(shared: Path) -> None:
    """No two of the labelled passages, which are different reports, are joined by rule 6 or 7."""
    texts = {
        file.stem: json.loads(file.read_text())["text"]
        for file in sorted((shared / "corpus").glob("0*.json"))
    }
    sources = [
        Source(n, n, SourceKind.TEXT, "text/plain", 1, n, "", "", "file", "en") for n in texts
    ]
    rows = [replace(c, source=n) for n, text in texts.items() for c in extract(text).claims]
    joined = [why for group in origins(sources, texts, rows) for why in group.why]
    assert not [why for why in joined if "rule 6" in why or "rule 7" in why]


def test_one_unnamed_voice_through_two_outlets(source: Any, claim: Any) -> None:
    """A described voice that says the same thing twice is one origin; "a source" alone is not."""
    described = "a source in North Pyongan province"

    def groups(speaker: Any, second: Any = "unpaid") -> Any:
        rows = [
            claim("wage", "unpaid", source="s1", speaker=speaker),
            claim("wage", second, source="s2", speaker=speaker),
        ]
        return origins([source("s1", FIRST), source("s2", SECOND)], {}, rows)

    assert "rule 7" in groups(described)[0].why[0]
    assert len(groups("a source")) == 2
    assert len(groups(described, second="15 RMB")) == 2


def test_the_accused_is_an_origin_of_its_own(source: Any, claim: Any) -> None:
    """A denial inside a report is the accused party's word, in whichever outlet it stands."""
    rows = [
        claim("wage", "unpaid", source="s1"),
        claim(
            "wage",
            "unpaid",
            source="s1",
            start=50,
            modality="denied",
            attribution="accused_party",
            speaker="The Company",
        ),
        claim(
            "wage",
            "unpaid",
            source="s2",
            start=70,
            modality="denied",
            attribution="accused_party",
            speaker="the company",
        ),
    ]
    groups = origins([source("s1", FIRST), source("s2", SECOND)], {}, rows)
    assert [len(group.claims) for group in groups] == [1, 0, 2]
    assert groups[2].sources == ("s1", "s2")


def test_an_invented_example_is_no_origin(source: Any, claim: Any) -> None:
    """What is invented gets no label, even where a true report says the same."""
    rows = [claim("wage", "unpaid", source="s1"), claim("wage", "unpaid", source="s2")]
    groups = origins(
        [source("s1", FIRST, standing=Standing.INVENTED), source("s2", FIRST)], {}, rows
    )
    assert labels(groups) == [("s2",)]
    assert set(labels_by_claim(groups)) == {rows[1].id}


def test_joins_are_carried_on(source: Any, claim: Any) -> None:
    """If A is B's echo and B is C's, all three are one origin."""
    sources = [
        source("s1", FIRST, url="https://example.org/1"),
        source("s2", SECOND),
        source("s3", SECOND + "See https://example.org/1", outlet="x"),
    ]
    texts = {"s1": FIRST, "s2": SECOND, "s3": SECOND + "See https://example.org/1"}
    groups = origins(sources, texts, [claim("wage", "unpaid", source=n, speaker=n) for n in texts])
    assert labels(groups) == [("s1", "s2", "s3")]


@given(st.lists(st.text("abc .\n", max_size=60), min_size=2, max_size=2))
def test_shared_sentences_is_symmetric_and_bounded(pair: Any) -> None:
    """The share of common sentences is the same from both sides, between 0 and 1."""
    left, right = pair
    share = shared_sentences(left, right)
    assert share == shared_sentences(right, left)
    assert 0 <= share <= 1
