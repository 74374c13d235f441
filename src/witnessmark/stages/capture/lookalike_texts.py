"""Nearly equal texts: runs of words and sentences, compared without a dictionary.

Words are the runs of letters and digits of any script; a Chinese sign is a word of its
own. A text's *runs* are all its stretches of :data:`RUN` words. A sample of them (those
whose hash divides by :data:`SAMPLE`: the same runs are in the sample of every text) finds
the candidates; then all runs and the sentences of a pair are compared.

Laws:
1. Pure: texts in, figures out. The score is about the shorter text, so a cut copy is found.
2. The time grows with the length of the texts and the number of pairs that share runs,
   not with the square of the sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import TYPE_CHECKING, Self

from rapidfuzz.fuzz import ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RUN = 4
"""Words of a run: three are shared by all the world (``in order to``)."""

SAMPLE = 4
"""One run in so many is in the sample."""

LEAST_SHARED = 2
"""Sampled runs that two texts must share to be compared."""

MOST_HOLDERS = 50
"""A run that more texts hold is boilerplate (a footer) and makes no candidates."""

LEAST_SCORE = 0.2
"""Share of the shorter text's runs from which a pair is shown. A changed word breaks
the four runs that it stands in: a copy with every fifth word changed still keeps a fifth."""

NEARLY = 90.0
"""Likeness in percent (of the letters, by rapidfuzz) from which two sentences are one."""

LEAST_WORDS = 4
"""Words of a sentence that counts; ``He said so.`` is shared by all the world."""

LONGEST_COMPARED = 2000
"""Letters of a sentence that is compared for likeness; a longer one must be equal."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_END = re.compile(r"(?<=[.!?。！？…])[\s\"'”’」』)]+|(?<=[。！？])|\n+")


@dataclass(frozen=True, slots=True)
class Alike:
    """How far two texts are one.

    Attributes:
        score: share of the shorter text's runs that stand in the other.
        shared_sentences: sentences of the shorter text that stand in the other.
        sentences: sentences of the shorter text.
    """

    score: float
    shared_sentences: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text while it is compared.

    Attributes:
        runs: hashes of all runs of words.
        sample: those that find candidates.
        sentences: its sentences as words, each once, in their order.
    """

    runs: frozenset[int]
    sample: frozenset[int]
    sentences: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the fingerprint of *text*."""
        words = _words(text)
        runs = frozenset(_hashes(words))
        sample = frozenset(run for run in runs if run % SAMPLE == 0)
        sentences = (tuple(_words(part)) for part in _END.split(text))
        counted = (sentence for sentence in sentences if len(sentence) >= LEAST_WORDS)
        return cls(runs, sample if len(sample) >= LEAST_SHARED else runs, _each_once(counted))


def candidates(prints: Mapping[str, Fingerprint]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that share enough sampled runs, in the order of *prints*."""
    holders: dict[int, list[str]] = defaultdict(list)
    # a text whose sample is all its runs meets the others in theirs
    whole = any(len(mark.sample) == len(mark.runs) > 0 for mark in prints.values())
    for name, mark in prints.items():
        for run in mark.runs if whole else mark.sample:
            holders[run].append(name)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for names in holders.values():
        if len(names) <= MOST_HOLDERS:
            for pair in combinations(names, 2):
                shared[pair] += 1
    order = {name: number for number, name in enumerate(prints)}
    kept = [pair for pair, count in shared.items() if count >= LEAST_SHARED]
    yield from sorted(kept, key=lambda pair: (order[pair[0]], order[pair[1]]))


def compared(left: Fingerprint, right: Fingerprint) -> Alike | None:
    """Return how far two texts are one, or None if they are not alike."""
    shorter, longer = sorted((left, right), key=lambda mark: len(mark.runs))
    if not shorter.runs:
        return None
    score = len(shorter.runs & longer.runs) / len(shorter.runs)
    if score < LEAST_SCORE:
        return None
    return Alike(score, _shared_sentences(shorter, longer), len(shorter.sentences))


def _shared_sentences(shorter: Fingerprint, longer: Fingerprint) -> int:
    there = set(longer.sentences)
    by_run: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for sentence in longer.sentences:
        for run in set(_hashes(sentence)):
            by_run[run].append(sentence)
    return sum(
        sentence in there or _nearly_there(sentence, by_run) for sentence in shorter.sentences
    )


def _nearly_there(sentence: tuple[str, ...], by_run: Mapping[int, list[tuple[str, ...]]]) -> bool:
    written = " ".join(sentence)
    if len(written) > LONGEST_COMPARED:
        return False
    near = _each_once(other for run in _hashes(sentence) for other in by_run.get(run, ())[:20])
    return any(ratio(written, " ".join(other)) >= NEARLY for other in near)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _hashes(words: list[str] | tuple[str, ...]) -> list[int]:
    return [
        int.from_bytes(blake2b(" ".join(words[at : at + RUN]).encode(), digest_size=8).digest())
        for at in range(len(words) - RUN + 1)
    ]


def _each_once(sentences: Iterator[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(sentences))
