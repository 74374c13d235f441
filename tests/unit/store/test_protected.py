"""Protected names: matched however they are written, and in no index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from spoken import DETAINEE, INTERVIEWER, SPEAKER, record

from witnessmark.core.actor import Actor, ActorKind, MergeProposal
from witnessmark.core.claim import Mention, MentionType
from witnessmark.core.errors import InputError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.testimony import parse_testimony
from witnessmark.store.protected import MASK, ProtectedNames, protected_names
from witnessmark.store.tables import ACTORS, JUDGEMENTS, MENTIONS, MERGES, TESTIMONIES

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made

TESTIMONY = parse_testimony(record(), key="t1", where="record")
KNOWN = ProtectedNames.of([TESTIMONY])

SPELT = [
    "Hong Gil-dong",
    "HONG GILDONG",
    "hong  gil dong",
    "Gil-dong Hong",
    "Hong, Gil-dong",
    "Hóng Gíl‐dong",
    "Ｈｏｎｇ Ｇｉｌ－ｄｏｎｇ",
    "Hong\u00a0Gil\u200bdong",
    "홍길동",
    "홍 길동",
    "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc",
]


@pytest.mark.parametrize("name", SPELT)
def test_a_name_is_known_however_it_is_written(name: str) -> None:
    """Case, spacing, hyphens, accents, width, jamo and the order of its parts hide no name."""
    assert KNOWN.is_protected(name)
    text = f"They said that {name} left."
    assert KNOWN.within(text)
    assert len(KNOWN.masked(text)) == len(text)
    assert KNOWN.masked(text) == f"They said that {MASK * len(name)} left."


@pytest.mark.parametrize("text", ["Hongkong Gildongs", "Gil-dong", "Hong", "", "홍길", "Adamant"])
def test_other_words_stay(text: str) -> None:
    """A part of a longer word, or of a name, is not masked."""
    assert KNOWN.masked(text) == text
    assert not KNOWN.is_protected(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("HongGildong2.txt", f"{MASK * 11}2.txt"),
        ("2026HongGildong", f"2026{MASK * 11}"),
        ("interviewHongGildongNotes.txt", f"interview{MASK * 11}Notes.txt"),
    ],
)
def test_a_figure_or_a_glued_word_does_not_hide_a_name(text: str, masked: str) -> None:
    """Names of files and accounts are glued to numbers and words; the letters still name."""
    assert KNOWN.masked(text) == masked


def test_a_particle_does_not_hide_a_korean_name() -> None:
    """Korean writes no space after a name."""
    assert KNOWN.masked("홍길동은 돌아왔다.") == f"{MASK * 3}은 돌아왔다."


def _actor(key: str, label: str, *names: str) -> Actor:
    return Actor(key, ActorKind.ORGANISATION, label, names, "KP", (), (), ())


def test_the_store_keeps_protected_names_out_of_every_index(made: Made) -> None:
    """Whoever writes the row: an actor that bears such a name is not written, no merge names it."""
    case = made.open()
    free = [_actor("a1", "Example Traders"), _actor("a2", "Sample Traders")]
    bound = [_actor("a3", "Hong-Gildong Trading"), _actor("a4", "Some Traders", "JANG BOGO")]
    merges = [
        MergeProposal("d1", "a1", "a2", 0.9, ("alike",)),
        MergeProposal("d2", "a1", "a3", 0.9, ("alike",)),
        MergeProposal("d3", "a1", "a2", 0.9, (f"both are {SPEAKER}",)),
    ]
    case.casebook.replace(ACTORS, [*free, *bound])
    assert len(case.casebook.rows(ACTORS)) == 4
    if not case.sealed:
        with pytest.raises(InputError, match="plain case"):
            case.casebook.append(TESTIMONIES, [TESTIMONY])
        assert case.casebook.rows(TESTIMONIES) == ()
        case.close()
        return
    case.casebook.append(TESTIMONIES, [TESTIMONY])
    assert protected_names(case.casebook) == KNOWN
    case.casebook.replace(ACTORS, [*free, *bound])
    case.casebook.replace(MERGES, merges)
    assert list(case.casebook.rows(ACTORS)) == free
    assert [row.id for row in case.casebook.rows(MERGES)] == ["d1"]
    case.casebook.append(ACTORS, bound)
    assert list(case.casebook.rows(ACTORS)) == free
    case.close()


def test_a_reason_names_no_protected_person(made: Made) -> None:
    """A decision that names one is refused; without the name it is kept."""
    case = made.open()
    if case.sealed:
        case.casebook.append(TESTIMONIES, [TESTIMONY])
        said = Judgement(1, "c1", Decision.ACCEPT, "A. Reader", "", f"{DETAINEE} confirms it")
        with pytest.raises(InputError, match="protected person"):
            case.casebook.append(JUDGEMENTS, [said])
    case.casebook.append(JUDGEMENTS, [Judgement(1, "c1", Decision.ACCEPT, "A. Reader", "", "ok")])
    assert len(case.casebook.rows(JUDGEMENTS)) == 1
    case.close()


def test_no_line_of_the_digest_bears_a_name(made: Made) -> None:
    """What ``digest --lines`` prints of a testimony holds its code, and nobody's name."""
    case = made.open()
    if case.sealed:
        case.casebook.append(TESTIMONIES, [TESTIMONY])
        printed = "\n".join(case.casebook.digest_lines())
        assert "W-01" in printed
        assert not [name for name in (SPEAKER, DETAINEE, INTERVIEWER, "홍길동") if name in printed]
    case.close()


def test_a_mention_keeps_its_words_and_no_key(made: Made) -> None:
    """The quote is the record; the normal form by which a name would be found is gone."""
    case = made.open()
    mentions = [
        Mention("m1", "s1", "r", MentionType.ORG, "Hong Gil-dong", 0, 13, "hong gildong"),
        Mention("m2", "s1", "r", MentionType.ORG, "Hong-Gildong Co.", 20, 36, "Hong Gildong Co."),
        Mention("m3", "s1", "r", MentionType.ORG, "Example Traders", 40, 55, "Example Traders"),
    ]
    if case.sealed:
        case.casebook.append(TESTIMONIES, [TESTIMONY])
    case.casebook.replace(MENTIONS, mentions)
    rows = case.casebook.rows(MENTIONS)
    assert [row.quote for row in rows] == [row.quote for row in mentions]
    kept = ["", "", "Example Traders"] if case.sealed else [row.norm for row in mentions]
    assert [row.norm for row in rows] == kept
    case.close()
