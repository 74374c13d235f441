"""A denial is never read as a fact: what a sentence says is not so keeps ``denied``."""

from __future__ import annotations

import pytest

from witnessmark import extract
from witnessmark.core.claim import Modality

DENIED = [
    "Officials said no prisoners work 12 hours a day at the labour camp.",
    "Prisoners in the labour camp do not work 12 hours a day, the ministry said.",
    "The claim that inmates work 14 hours a day is false, the ministry said.",
    "It is not true that inmates of the camp are beaten when they miss the quota.",
    "Prisoners in the camp are never beaten, a guard said.",
    "The company denied that workers are beaten or that passports are held.",
]
STATED = [
    ("No prisoners work fewer than 12 hours a day at the labour camp.", "hours_per_day"),
    ("No one in the labour camp is paid.", "wage"),
    ("Passports are locked away and wages have not been paid for months.", "indicator"),
    ("Prisoners work 14 hours a day and do not rest on Sundays.", "hours_per_day"),
]


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_is_marked_denied(text: str) -> None:
    """Hours, blows and papers that the sentence denies are ``denied``, whoever speaks."""
    serious = [
        claim
        for claim in extract(text, "en").claims
        if claim.predicate.value in {"hours_per_day", "indicator", "penalty"}
    ]
    assert all(claim.modality is Modality.DENIED for claim in serious), serious


@pytest.mark.parametrize("text", DENIED[:3])
def test_the_denial_itself_is_kept(text: str) -> None:
    """A denial is evidence against: it is read, not dropped."""
    assert any(claim.modality is Modality.DENIED for claim in extract(text, "en").claims)


@pytest.mark.parametrize(("text", "predicate"), STATED)
def test_a_negative_fact_is_no_denial(text: str, predicate: str) -> None:
    """“Is not paid” and “no one works fewer than” are claims; they stay so."""
    found = [c for c in extract(text, "en").claims if c.predicate.value == predicate]
    assert found, text
    assert all(claim.modality is not Modality.DENIED for claim in found)
