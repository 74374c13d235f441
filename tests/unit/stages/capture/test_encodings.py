"""An encoding is certain or it is not read."""

from __future__ import annotations

import pytest

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.encodings import decode

KOREAN = (
    "이 글은 시험을 위하여 지어낸 문장이다. 아무 곳의 이야기도 아니며, 누구의 말도 아니다. "
    "다만 한글이 어떻게 읽히는지를 보기 위하여 충분한 길이로 적어 둔 것이다."
)
CHINESE = (
    "这是为了测试而写的句子,不是任何人的话,也不说任何地方的事情。"
    "我们只是要看一看,这个程序能不能知道它是用什么编码写的。"
)
WESTERN = "A plain sentence, with “quotes” and a dash – nothing else, said the writer’s friend."


@pytest.mark.parametrize(
    ("text", "codec"), [(KOREAN, "cp949"), (CHINESE, "gb18030"), (WESTERN, "cp1252")]
)
def test_certain(text: str, codec: str) -> None:
    """Text in an old encoding is read where it is certain, sign for sign."""
    found = decode(text.encode(codec), where="a.txt")
    assert (found.text, found.codec) == (text, codec)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Зима пришла рано, и снег лежал на дороге.", "cp1251"),
        ("Zażółć gęślą jaźń, powiedział świadek.", "cp1250"),
        ("짧은 글", "cp949"),
        ("これは試験のために書いた文章です。", "cp932"),
        ("Déjà vu à l'été où il était naïf", "cp1252"),
    ],
)
def test_not_certain(text: str, codec: str) -> None:
    """What could be read two ways is refused, with the file and the remedy."""
    with pytest.raises(UnreadableInput) as caught:
        decode(text.encode(codec), where="letter.txt")
    assert caught.value.where == "letter.txt"
    assert "UTF-8" in caught.value.to_do
    assert caught.value.exit_code == 1


def test_declared() -> None:
    """A declared encoding decides where the bytes obey it."""
    text = "Déjà vu à l'été"
    assert decode(text.encode("cp1252"), where="", declared="ISO-8859-1").text == text
    assert decode(text.encode(), where="", declared="euc-kr").codec == "utf-8"


def test_wide_without_mark() -> None:
    """UTF-16 without a mark is known by its zero bytes."""
    text = "A sentence of ordinary words that is long enough to show its zero bytes."
    assert decode(text.encode("utf-16-le"), where="").codec == "utf-16-le"
    assert decode(text.encode("utf-16-be"), where="").codec == "utf-16-be"


@pytest.mark.parametrize("content", [b"abc\0def", b"\xff\xfea", b"\xef\xbb\xbf\xff"])
def test_broken(content: bytes) -> None:
    """Bytes that break the rules of their own mark are refused, not mended."""
    with pytest.raises(UnreadableInput):
        decode(content, where="x")
