"""Whose paper a text is, who is heard in it, and what is denied there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.claim import Attribution, Modality
from witnessmark.core.span import Span
from witnessmark.stages.extract.attribution import Listener, SentenceVoice, Voice
from witnessmark.stages.extract.bounded import Stops
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.quotation import speeches
from witnessmark.stages.extract.segment import sentences
from witnessmark.stages.extract.stance import modality_of, stance

if TYPE_CHECKING:
    from witnessmark.stages.extract.segment import Sentence

AUTHOR = Attribution.AUTHOR
WITNESS = Attribution.WITNESS_OR_SURVIVOR
OFFICIAL = Attribution.OFFICIAL
DOCUMENT = Attribution.DOCUMENT
ACCUSED = Attribution.ACCUSED_PARTY


def heard(text: str, lang: str) -> list[tuple[Sentence, SentenceVoice]]:
    """Return the sentences of *text* and their voices, by the rules alone."""
    spoken, stops = language(lang), Stops()
    assert spoken is not None
    prose = [part for part in sentences(text, spoken) if part.prose]
    parts = tuple(replace(part, number=number) for number, part in enumerate(prose))
    listener = Listener(spoken, Voice(AUTHOR, ""), text, stops)
    return list(zip(parts, listener.hear(parts, speeches(text, parts)), strict=True))


def said(text: str, lang: str, words: str) -> tuple[Attribution, Modality]:
    """Return who says *words* of *text*, and how far they go."""
    start, spoken = text.index(words), language(lang)
    assert spoken is not None
    for part, voice in heard(text, lang):
        if part.span.start <= start < part.span.end:
            speaker = voice.at(Span(start, start + len(words)))
            inside = Span(start - part.span.start, start + len(words) - part.span.start)
            stated = modality_of(
                part.folded,
                inside,
                "physical_sexual_violence",
                speaker.attribution,
                stance(spoken.folder),
                Stops(),
                own=speaker.own,
            )
            return speaker.attribution, stated
    raise AssertionError(words)


ACCOUNT = (
    "Interview 3, translated\n\nQ. When did the work begin?\n\nA. The guard woke the room at four. "
    "An officer said the count was short, and the whole bench lost its supper."
)
JUDGMENT = (
    "Before the Court of Appeal of Examplia, criminal side.\n\n"
    "1. The owner took the papers of nine men. 2. The men slept behind a locked gate."
)
COMPLAINT = (
    "First amended complaint, Count Two\n\n4. Plaintiffs were paid nothing for six months. "
    "5. Defendant denies that anyone was forced to stay."
)
AUDIT = (
    "Social audit, finding sheet\n\nFinding 1: identity cards of 44 staff in the office drawer. "
    "Finding 2: no rest day in 26 days."
)
NEWS = (
    "Kilns light up again\n\nThe kilns stood idle until May. Women carry bricks from dawn. "
    '"We are let out on Sundays," said a former worker.'
)
KO_ACCOUNT = (
    "구술 기록 3번\n\n문: 언제 들어가셨습니까?\n\n답: 봄에 들어갔습니다. 밤마다 초를 켜고 일했어요."
)
KO_JUDGMENT = (
    "예시지방법원 2019고합000 판결\n\n1. 피고인은 피해자의 통장을 서랍에 넣어 두었다.\n\n"
    "2. 피고인은 강제로 일을 시킨 사실이 없다고 다툰다."
)
KO_NEWS = "가마가 다시 타오른다. 여성들은 새벽부터 벽돌을 나른다."


@pytest.mark.parametrize(
    ("text", "lang", "words", "who", "how"),
    [
        (ACCOUNT, "en", "woke the room at four", WITNESS, Modality.REPORTED),
        (ACCOUNT, "en", "lost its supper", WITNESS, Modality.REPORTED),
        (JUDGMENT, "en", "took the papers", OFFICIAL, Modality.ASSERTED),
        (COMPLAINT, "en", "paid nothing for six months", DOCUMENT, Modality.REPORTED),
        (AUDIT, "en", "no rest day in 26 days", DOCUMENT, Modality.ASSERTED),
        (NEWS, "en", "carry bricks from dawn", AUTHOR, Modality.ASSERTED),
        (NEWS, "en", "let out on Sundays", WITNESS, Modality.REPORTED),
        (KO_ACCOUNT, "ko", "초를 켜고 일했어요", WITNESS, Modality.REPORTED),
        (KO_JUDGMENT, "ko", "통장을 서랍에 넣어 두었다", OFFICIAL, Modality.ASSERTED),
        (KO_NEWS, "ko", "새벽부터 벽돌을 나른다", AUTHOR, Modality.ASSERTED),
    ],
)
def test_the_paper_speaks_where_no_one_is_named(
    text: str, lang: str, words: str, who: Attribution, how: Modality
) -> None:
    """A paper's own voice is heard in it, and a report stays its author's."""
    assert said(text, lang, words) == (who, how)


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        (COMPLAINT, "en", "anyone was forced to stay"),
        (KO_JUDGMENT, "ko", "강제로 일을 시킨 사실이 없다고"),
        (
            "The owner insisted that the pickers came and went as they pleased.",
            "en",
            "came and went",
        ),
        ("The mill's lawyer said nobody was held against his will.", "en", "nobody was held"),
    ],
)
def test_the_accused_deny_and_are_not_read_as_stating(text: str, lang: str, words: str) -> None:
    """What the accused say against a charge is denied, in whatever paper it stands."""
    assert said(text, lang, words) == (ACCUSED, Modality.DENIED)


@pytest.mark.parametrize(
    "sentence",
    [
        "The women were denied rest and were locked in the shed.",
        "The owner denied them water and beat the slowest.",
        "Two men were held in a shed and not paid.",
    ],
)
def test_what_is_denied_to_people_is_no_denial(sentence: str) -> None:
    """Water or rest that is denied to workers is a fact that the text states."""
    assert said(sentence, "en", sentence[10:30])[1] is not Modality.DENIED


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("The contractor's ledger lists 27 girls at the benches.", DOCUMENT),
        ("The court heard that the crew slept on deck.", OFFICIAL),
        ("Prosecutor Ana Exemplar told reporters the men were beaten.", OFFICIAL),
        ("Eleven of the men said the gate was locked.", WITNESS),
        ("The boss told them that the gate was locked.", AUTHOR),
    ],
)
def test_who_is_named_in_the_sentence_speaks(sentence: str, who: Attribution) -> None:
    """Papers, offices and witnesses speak by their words; a boss who threatens is no source."""
    text = f"The works lie by the river. {sentence} Rain is expected."
    assert said(text, "en", sentence[-18:-1])[0] is who
    assert said(text, "en", "lie by the river")[0] is AUTHOR


def test_a_surname_takes_up_the_one_who_was_introduced() -> None:
    """The prosecutor named once is the prosecutor afterwards."""
    text = (
        "Prosecutor Ana Exemplar told reporters the men were beaten. "
        "The gate was chained at night, Exemplar said."
    )
    assert said(text, "en", "chained at night")[0] is OFFICIAL


def test_a_few_quoted_words_make_no_speaker() -> None:
    """Words held at a distance leave the sentence to its author."""
    text = (
        'The works lie by the river. Men of the "voluntary harvest and building" brigade dig there.'
    )
    assert said(text, "en", "brigade dig there")[0] is AUTHOR
    assert said(text, "en", "voluntary harvest")[0] is AUTHOR


def test_what_is_passed_on_in_korean_is_the_anonymous_sources() -> None:
    """A sentence that ends in hearsay belongs to the source that the text introduced."""
    text = (
        "예시도 소식통은 시설에서 가발을 만든다고 전했다. 하루 열네 시간을 앉아 있다고 한다. "
        "가발은 강을 건넌다."
    )
    assert said(text, "ko", "열네 시간을 앉아")[0] is Attribution.ANONYMOUS_SOURCE
    assert said(text, "ko", "강을 건넌다")[0] is AUTHOR
