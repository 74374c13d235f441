"""Look-alikes: copies are found and shown, strangers are not, and nothing is merged."""

from __future__ import annotations

import io
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.source import SourceKind, Standing
from witnessmark.stages import capture
from witnessmark.stages.capture.lookalike_images import MOST_BITS_APART, bits_apart, picture_of
from witnessmark.stages.capture.lookalike_texts import Fingerprint, candidates, compared
from witnessmark.stages.capture.lookalikes import (
    COMPARED,
    Lookalike,
    find_lookalikes,
    may_be_compared,
)
from witnessmark.store.case import Case, open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import SOURCES
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)

ENGLISH = """Wigs from the workshop

A source in the province said on Monday that the workshop makes wigs and false eyelashes.
The people held there sit at long tables from before dawn until late at night.
Each of them must finish a fixed number of pieces every week, the source said.
Whoever finishes without defects receives a bowl of rice on Sunday.
Those who fall behind work through the night until the pieces are done.
The finished goods are packed in plain boxes and carried off by truck.
"""

CUT = """Rice on Sunday for those who finish

Each of them must finish a fixed number of pieces every week, the source said.
Whoever finishes without any defects receives a bowl of rice on Sunday.
Those who fall behind work through the night until the pieces are done.
"""

OTHER = """Trade office opens new hall

The trade office of the city opened a new exhibition hall for knitted goods this week.
Buyers from several countries walked through the rooms and looked at samples.
A speaker said that orders had grown since spring and that more space was needed.
The hall will stay open until the end of the month, the office said.
"""

KOREAN = """가발 작업장 소식

평안북도의 한 소식통은 월요일 이 작업장에서 가발과 속눈썹을 만든다고 전했다.
수감자들은 새벽부터 밤늦게까지 긴 책상 앞에 앉아 일한다고 한다.
일주일에 정해진 개수를 끝내지 못하면 밤을 새워 일해야 한다고 소식통은 말했다.
불량 없이 끝낸 사람에게는 일요일에 쌀밥이 나온다.
"""

CHINESE = """假发车间的消息

一位消息人士周一表示，该车间生产假发和假睫毛，每周都有固定的定额。
被关押的人从天亮前一直坐在长桌旁工作到深夜。没有完成定额的人必须通宵工作。
没有次品完成任务的人星期天可以得到一碗米饭。
"""


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture(params=["plain", "sealed"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    """An empty case, plain and sealed."""
    path = tmp_path / "case"
    sealed = request.param == "sealed"
    words = "six words that nobody would guess" if sealed else None
    key = resolve_key(path, words, plain=not sealed, create=True, cost=CHEAP)
    opened = open_case(path, key, create=True)
    yield opened
    opened.close()


def _captured(case: Case, folder: Path, files: dict[str, str | bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    result = capture.run(case, [folder], clock=clock)
    assert len(result.sources) == len(files)


def _pairs(case: Case) -> list[tuple[str, str, str]]:
    names = {source.id: source.name for source in case.casebook.rows(SOURCES)}
    return [
        (names[pair.left], names[pair.right], pair.what) for pair in find_lookalikes(case).pairs
    ]


def test_a_cut_copy_is_found_and_a_stranger_is_not(case: Case, tmp_path: Path) -> None:
    """A shortened copy under another title shows; a text on the same trade does not."""
    files: dict[str, str | bytes] = {"a.txt": ENGLISH, "b.txt": OTHER, "c.txt": CUT}
    _captured(case, tmp_path / "in", files)
    found = find_lookalikes(case)
    assert _pairs(case) == [("a.txt", "c.txt", "text")]
    (pair,) = found.pairs
    assert (pair.shared_sentences, pair.sentences) == (3, 4)
    assert 0.6 < pair.score < 1
    assert "3 of 4 sentences" in pair.why
    assert found.not_compared == ()


@pytest.mark.parametrize("text", [KOREAN, CHINESE], ids=["ko", "zh"])
def test_copies_are_found_in_every_script(case: Case, tmp_path: Path, text: str) -> None:
    """Korean and Chinese copies with a line added, too."""
    copy = "다른 매체의 제목\n" + text.split("\n", 2)[2] + "\n덧붙인 말.\n"
    files: dict[str, str | bytes] = {"a.txt": text, "b.txt": copy, "c.txt": ENGLISH}
    _captured(case, tmp_path / "in", files)
    assert _pairs(case) == [("a.txt", "b.txt", "text")]


def test_nothing_is_written(case: Case, tmp_path: Path) -> None:
    """Pairs are shown, never merged: rows, log and objects are the same before and after."""
    _captured(case, tmp_path / "in", {"a.txt": ENGLISH, "c.txt": CUT})
    before = {
        path: path.read_bytes()
        for path in case.path.rglob("*")
        if path.is_file() and path.name not in {"casebook.db-shm", "lock"}
    }
    digest = case.casebook.digest()
    assert find_lookalikes(case).pairs
    after = {
        path: path.read_bytes()
        for path in case.path.rglob("*")
        if path.is_file() and path.name not in {"casebook.db-shm", "lock"}
    }
    assert after == before
    assert case.casebook.digest() == digest
    assert len(case.casebook.rows(SOURCES)) == 2
    assert verify_case(case).faults == ()


def test_the_same_sources_give_the_same_pairs(case: Case, tmp_path: Path) -> None:
    """No randomness: twice the same answer, best first."""
    rewritten = ENGLISH.replace("source", "woman").replace("people", "prisoners")
    files: dict[str, str | bytes] = {"a.txt": ENGLISH, "b.txt": rewritten, "c.txt": CUT}
    _captured(case, tmp_path / "in", files)
    first = find_lookalikes(case)
    assert first == find_lookalikes(case)
    assert len(first.pairs) == 3
    scores = [pair.score for pair in first.pairs]
    assert scores == sorted(scores, reverse=True)


def test_what_is_not_known_to_be_a_document_is_never_compared(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind of source that is not on the list enters no index and is not even read."""
    _captured(case, tmp_path / "in", {"a.txt": ENGLISH, "c.txt": CUT})
    assert len(find_lookalikes(case).pairs) == 1
    without = COMPARED - {SourceKind.TEXT}
    monkeypatch.setattr("witnessmark.stages.capture.lookalikes.COMPARED", without)

    def unread(*_: object) -> str:
        message = "a protected source was read"
        raise AssertionError(message)

    monkeypatch.setattr(Case, "text", unread)
    monkeypatch.setattr(Case, "original", unread)
    found = find_lookalikes(case)
    assert found.pairs == ()
    assert len(found.not_compared) == 2
    assert all("never compared" in line for line in found.not_compared)


def test_only_listed_kinds_may_be_compared(case: Case, tmp_path: Path) -> None:
    """The list says what may, not what may not: testimony is not on it, nor is what is new."""
    _captured(case, tmp_path / "in", {"a.txt": ENGLISH})
    source = case.casebook.rows(SOURCES)[0]
    assert may_be_compared(source)
    stranger: Any = "testimony"
    assert not may_be_compared(replace(source, kind=stranger))
    assert not any("testimony" in kind.value or "interview" in kind.value for kind in COMPARED)
    assert may_be_compared(replace(source, standing=Standing.PARAPHRASE))


def test_a_text_too_short_to_compare_is_told(case: Case, tmp_path: Path) -> None:
    """Silence would look like ``no copies``."""
    _captured(case, tmp_path / "in", {"a.txt": "Wigs.\n", "b.txt": ENGLISH})
    found = find_lookalikes(case)
    assert found.pairs == ()
    assert found.not_compared == ("s1 a.txt: its text is too short to be compared",)


def test_unrelated_texts_share_almost_no_runs() -> None:
    """On random sentences of one small vocabulary no pair of 60 texts is shown."""
    dice = random.Random(7)
    words = [f"word{number}" for number in range(300)]
    texts = {
        f"s{number}": Fingerprint.of(
            "\n".join(" ".join(dice.choices(words, k=12)) + "." for _ in range(20))
        )
        for number in range(60)
    }
    assert [pair for pair in candidates(texts) if compared(texts[pair[0]], texts[pair[1]])] == []


def test_every_copy_is_found_down_to_the_stated_share() -> None:
    """A copy in which every sixth word is another is found, at the share that follows."""
    dice = random.Random(11)
    words = [f"word{number}" for number in range(5000)]
    found = 0
    for _ in range(50):
        text = dice.choices(words, k=400)
        copy = [f"new{at}" if at % 6 == 0 else word for at, word in enumerate(text)]
        prints = {"a": Fingerprint.of(" ".join(text)), "b": Fingerprint.of(" ".join(copy))}
        pairs = list(candidates(prints))
        assert len(pairs) == 1
        alike = compared(prints["a"], prints["b"])
        assert alike is not None
        assert alike.score == pytest.approx(2 / 6, abs=0.02)
        found += 1
    assert found == 50


def test_hostile_texts_cost_bounded_time() -> None:
    """Equal sentences by the thousand, one endless word, no end of sentence: seconds, not hours."""
    start = time.perf_counter()
    many = "\n".join(f"the same words again and again number {n % 7}." for n in range(20_000))
    near = "\n".join(f"the same words again and again now number {n}." for n in range(20_000))
    endless = "a" * 2_000_000
    unbroken = "one two three four five " * 100_000
    prints = {
        str(number): Fingerprint.of(text)
        for number, text in enumerate((many, near, endless, unbroken))
    }
    for left, right in candidates(prints):
        compared(prints[left], prints[right])
    assert prints["2"].runs == frozenset()
    assert time.perf_counter() - start < 60


def _picture(seed: int, *, size: tuple[int, int] = (320, 240)) -> Any:
    image = pytest.importorskip("PIL.Image")
    dice = random.Random(seed)
    small = image.new("L", (12, 9))
    small.putdata([dice.randrange(256) for _ in range(108)])
    return small.resize(size, image.Resampling.BICUBIC).convert("RGB")


def _saved(picture: Any, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def test_a_scaled_and_compressed_copy_of_a_picture_is_found(case: Case, tmp_path: Path) -> None:
    """Smaller, as JPEG of low quality, and turned: one picture; another one is not."""
    first = _picture(1)
    files: dict[str, str | bytes] = {
        "a.png": _saved(first),
        "b.jpg": _saved(first.resize((160, 120)), "JPEG", quality=30),
        "c.png": _saved(_picture(2)),
        "d.png": _saved(first.rotate(90, expand=True)),
    }
    _captured(case, tmp_path / "in", files)
    assert {pair[:2] for pair in _pairs(case) if pair[2] == "image"} == {
        ("a.png", "b.jpg"),
        ("a.png", "d.png"),
        ("b.jpg", "d.png"),
    }
    pairs = {(pair.left, pair.right): pair for pair in find_lookalikes(case).pairs}
    turned: Lookalike = pairs["s1", "s4"]
    assert "turned or mirrored" in turned.why
    assert "turned" not in pairs["s1", "s2"].why


def test_unrelated_pictures_are_far_apart() -> None:
    """Of 780 pairs of random pictures none comes near the line, in any of eight positions."""
    prints = [picture_of(_saved(_picture(seed)), "image/png") for seed in range(40)]
    marks = [mark for mark in prints if mark is not None]
    assert len(marks) == 40
    nearest = min(
        bits_apart(left, right)[0] for at, left in enumerate(marks) for right in marks[at + 1 :]
    )
    assert nearest > 2 * MOST_BITS_APART


def test_a_plain_surface_is_like_nothing(case: Case, tmp_path: Path) -> None:
    """Two white pages are not one photograph; it is told that they were left out."""
    image = pytest.importorskip("PIL.Image")
    files: dict[str, str | bytes] = {
        "a.png": _saved(image.new("RGB", (200, 100), "white")),
        "b.png": _saved(image.new("RGB", (300, 100), "white")),
        "c.png": _saved(image.new("RGBA", (300, 100), (0, 0, 0, 0))),
    }
    _captured(case, tmp_path / "in", files)
    found = find_lookalikes(case)
    assert found.pairs == ()
    assert len(found.not_compared) == 3
    assert all("plain surface" in line for line in found.not_compared)


def test_a_damaged_picture_stops_nothing() -> None:
    """Bytes that are no picture have no hash; nothing is raised."""
    pytest.importorskip("PIL.Image")
    good = _saved(_picture(3))
    assert picture_of(good, "image/png") is not None
    for bad in (b"", b"\x89PNG\r\n\x1a\n", good[: len(good) // 2], b"<svg/>", good[::-1]):
        assert picture_of(bad, "image/png") is None
    assert picture_of(good, "image/svg+xml") is None
