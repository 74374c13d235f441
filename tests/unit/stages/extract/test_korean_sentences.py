"""Folding and sentence ends of Korean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.korean_sentences import fold, split

if TYPE_CHECKING:
    from pathlib import Path

KOREAN_TEXT = st.text(
    alphabet=st.sampled_from(
        list("가나다라마바사아자차카타파하은는이가을를에서고며면요죠 0159.!?,:;“”‘’\"'「」…·~()\n—")
    ),
    max_size=200,
)


@given(KOREAN_TEXT)
def test_folding_keeps_the_length(text: str) -> None:
    """A folded text has as many code points as the text, so offsets hold."""
    assert len(fold(text)) == len(text)


@given(KOREAN_TEXT)
def test_sentences_lose_and_share_nothing(text: str) -> None:
    """Sentences are in order, do not overlap, and only white space stands between them."""
    folded = fold(text)
    at = 0
    for span in split(folded):
        assert span.start >= at
        assert not folded[at : span.start].strip()
        assert span.of(folded) == span.of(folded).strip()
        at = span.end
    assert not folded[at:].strip()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("일감이 늘었다. 값은 내렸다.", ["일감이 늘었다.", "값은 내렸다."]),
        ("그는 “힘들다.”고 말했다. 끝이다.", ['그는 "힘들다."고 말했다.', "끝이다."]),
        ("그는 “힘들다.” 고 말했다. 끝이다.", ['그는 "힘들다." 고 말했다.', "끝이다."]),
        ("“늦다. 못 잔다”고 했다.", ['"늦다.', '못 잔다"고 했다.']),
        ("교역액은 6.2% 늘었다.", ["교역액은 6.2% 늘었다."]),
        ("쉬는 날은 있고요? 없습니다!", ["쉬는 날은 있고요?", "없습니다!"]),
        ("1. 첫째 항목이다.", ["1. 첫째 항목이다."]),
        ("2025. 5. 23. 전해졌다.", ["2025. 5. 23. 전해졌다."]),
    ],
)
def test_sentence_ends(text: str, wanted: list[str]) -> None:
    """A stop ends a sentence, but not inside a number, a date or a quotation that goes on."""
    folded = fold(text)
    assert [span.of(folded) for span in split(folded)] == wanted


def test_the_labelled_sentences_of_the_corpus(shared: Path) -> None:
    """The Korean passage of the corpus is cut where its annotator cut it."""
    passage = json.loads((shared / "corpus" / "049.json").read_text())
    wanted = [(s["start"], s["end"]) for s in passage["sentences"]]
    assert [(s.start, s.end) for s in split(fold(passage["text"]))] == wanted
