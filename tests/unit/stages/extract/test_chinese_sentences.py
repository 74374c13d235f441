"""Folding and sentence ends of Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.chinese import CHINESE
from witnessmark.stages.extract.chinese_sentences import fold, split
from witnessmark.stages.extract.segment import sentences

CHINESE_TEXT = st.text(
    alphabet=st.sampled_from(
        list("工人被鎖在廠裡说他道每天十二小时年月。！？；，：、“”「」『』《》（）…—0159.A \n\"'")
    ),
    max_size=200,
)


@given(st.text(max_size=100) | CHINESE_TEXT)
def test_folding_keeps_the_length(text: str) -> None:
    """A folded text has as many code points as the text, so offsets hold."""
    assert len(fold(text)) == len(text)


def test_traditional_and_simplified_are_one() -> None:
    """The same words in traditional and simplified signs fold to the same text."""
    assert fold("護照被船長收走，門從外面鎖上。") == fold("护照被船长收走，门从外面锁上。")
    assert fold("１２小时") == "12小时"


@given(CHINESE_TEXT)
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
        ("门锁着。没人出去！", ["门锁着。", "没人出去！"]),
        ("他说：“跑过。抓回来。”第二天又跑。", ["他说：“跑过。", "抓回来。”", "第二天又跑。"]),
        (
            "“跑过一回。”四十一岁的梁某说。后来走了。",
            ["“跑过一回。”四十一岁的梁某说。", "后来走了。"],
        ),
        ("汤很稀。“跑过一回。”他说。", ["汤很稀。", "“跑过一回。”他说。"]),
        ("「護照在船長那裡。」又證稱：「沒有。」", ["「護照在船長那裡。」", "又證稱：「沒有。」"]),
        ("共3.5万元。真的？", ["共3.5万元。", "真的？"]),
        ("1. 工时。工资也低。", ["1. 工时。", "工资也低。"]),
        ("用的是ABC。后来换了。", ["用的是ABC。", "后来换了。"]),
        ("保证金是仲介收的；船员随时可走。", ["保证金是仲介收的；船员随时可走。"]),
    ],
)
def test_sentence_ends(text: str, wanted: list[str]) -> None:
    """A stop ends a sentence, but not inside a number or a quotation whose frame follows."""
    assert [span.of(text) for span in split(fold(text))] == wanted


def test_a_long_sentence_without_spaces_is_prose() -> None:
    """Chinese stands without spaces: clauses divided by commas are read, a dump is not."""
    text = "，".join(["工人每天都要从早上干到晚上"] * 20) + "。"
    assert all(part.prose for part in sentences(text, CHINESE))
    assert not all(part.prose for part in sentences("工" * 400, CHINESE))
