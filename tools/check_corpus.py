"""Check the labelled text of ``corpus/`` and say how varied it is.

Laws:
1. Every label is known, every quote stands in its sentence, every mention in its passage.
2. No frame of five content-free words stands in more than one of two hundred sentences.
3. The test split is the one that was frozen (``corpus/test/SHA256``), and shares no
   passage, author or long stretch of words with the training text.

    .venv/bin/python tools/check_corpus.py [FILE…]
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from witnessmark.core.claim import (
    ILO_INDICATORS,
    STATE_IMPOSED_INDICATORS,
    Attribution,
    MentionType,
    Modality,
    Predicate,
)

ROOT = Path(__file__).resolve().parent.parent / "corpus"
LANGUAGES = ("en", "ko", "zh")
GENRES = frozenset(
    {"news", "ngo_report", "testimony", "court", "government", "audit", "statistics", "complaint"}
    | {"advert", "academic", "trade_press", "sport", "local_news", "policy", "company", "letter"}
)
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))? (\S+)(?: (=|>=|<=|>|<|~))?")
NUMERIC = frozenset({Predicate.HOURS_PER_DAY, Predicate.WORKERS_COUNT})
SHARED_FRAME = 0.005
"""Most of the sentences that one frame may stand in."""


@dataclass
class Label:
    """A claim of one sentence."""

    predicate: str
    value: str
    quote: str
    attribution: str
    modality: str


@dataclass
class Sentence:
    """A sentence with what it states."""

    text: str
    labels: list[Label] = field(default_factory=list[Label])
    heading: bool = False
    paragraph: int = 0


@dataclass
class Passage:
    """One passage of the corpus."""

    id: str
    genre: str
    sector: str
    country: str
    register: str
    author: str
    lang: str
    place: str
    paragraphs: int = 0
    sentences: list[Sentence] = field(default_factory=list[Sentence])
    mentions: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    @property
    def text(self) -> str:
        """Return the passage as it would be printed."""
        pieces: list[str] = []
        before: Sentence | None = None
        for sentence in self.sentences:
            if before is not None:
                joined = sentence.paragraph == before.paragraph and not (
                    sentence.heading or before.heading
                )
                pieces.append(("" if self.lang == "zh" else " ") if joined else "\n\n")
            pieces.append(sentence.text)
            before = sentence
        return "".join(pieces)


class CorpusError(ValueError):
    """A line of the corpus that does not hold."""


def read_passages(path: Path, lang: str) -> list[Passage]:
    """Return the passages of one file.

    Raises:
        CorpusError: a line is not understood, or a label does not hold.
    """
    passages: list[Passage] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        place = f"{path.name}:{number}"
        if not line.strip():
            continue
        if line.startswith("== "):
            passages.append(_begun(line[3:], lang, place))
        elif not passages:
            raise CorpusError(f"{place}: a line before the first passage")
        else:
            _add(passages[-1], line, place)
    return passages


def _begun(head: str, lang: str, place: str) -> Passage:
    parts = [part.strip() for part in head.split("|")]
    if len(parts) != 6 or parts[1] not in GENRES:  # noqa: PLR2004 - see the README
        raise CorpusError(f"{place}: the passage needs six parts and a known genre")
    key, genre, sector, country, register, author = parts
    return Passage(key, genre, sector, country, register, author, lang, place)


def _add(passage: Passage, line: str, place: str) -> None:
    sort, _, rest = line.partition(" ")
    before = passage.sentences[-1] if passage.sentences else None
    if sort == "P" and not rest.strip():
        passage.paragraphs += 1
    elif sort in {"S", "H"} and rest.strip():
        passage.sentences.append(Sentence(rest.strip(), [], sort == "H", passage.paragraphs))
    elif sort in {"I", "C"} and before is not None:
        before.labels.append(_label(sort, rest, before.text, place))
    elif sort == "M":
        passage.mentions.append(_mention(rest, passage.text, place))
    else:
        raise CorpusError(f"{place}: not understood: {line[:60]}")


def _label(sort: str, rest: str, sentence: str, place: str) -> Label:
    parts = [part.strip() for part in rest.split(" | ")]
    if len(parts) != 4:  # noqa: PLR2004 - see the README
        raise CorpusError(f"{place}: a claim has four parts: {rest[:60]}")
    what, quote, attribution, modality = parts
    predicate, value = "indicator", what
    if sort == "C":
        predicate, _, value = (part.strip() for part in what.partition("="))
    if predicate not in set(Predicate):
        raise CorpusError(f"{place}: no such predicate: {predicate}")
    if sort == "I" and value not in (*ILO_INDICATORS, *STATE_IMPOSED_INDICATORS):
        raise CorpusError(f"{place}: no such indicator: {value}")
    if attribution not in set(Attribution) or modality not in set(Modality):
        raise CorpusError(f"{place}: no such attribution or modality: {attribution}, {modality}")
    if predicate in NUMERIC and not NUMBER.fullmatch(value):
        raise CorpusError(f"{place}: not a number: {value!r} (14 hour/day >)")
    if not value or not quote or quote not in sentence:
        raise CorpusError(f"{place}: the quote does not stand in the sentence: {quote[:60]}")
    return Label(predicate, value, quote, attribution, modality)


def _mention(rest: str, text: str, place: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in rest.split(" | ")]
    if len(parts) != 3 or parts[0] not in set(MentionType):  # noqa: PLR2004 - see the README
        raise CorpusError(f"{place}: a mention has three parts and a known type: {rest[:60]}")
    if parts[1] not in text:
        raise CorpusError(f"{place}: the words do not stand in the passage: {parts[1]}")
    return parts[0], parts[1], parts[2]


def all_passages(split: str) -> list[Passage]:
    """Return all passages of ``train`` or ``test``, in the order of their files."""
    return [
        passage
        for lang in LANGUAGES
        for path in sorted((ROOT / split / lang).glob("*.txt"))
        for passage in read_passages(path, lang)
    ]


def _words(text: str, lang: str) -> list[str]:
    if lang == "zh":
        return [sign for sign in text if sign.isalnum()]
    return re.findall(r"\w+(?:['\u2019]\w+)?", text.lower())


def frames(passages: list[Passage]) -> list[str]:
    """Return the frames of five frequent words that stand in too many sentences."""
    faults: list[str] = []
    for lang in ("en", "ko"):
        sentences = [_words(s.text, lang) for p in passages if p.lang == lang for s in p.sentences]
        if len(sentences) < 400:  # noqa: PLR2004 - a share of less says nothing
            continue
        counts = Counter(word for words in sentences for word in words)
        frequent = {word for word, _ in counts.most_common(120)}
        seen: Counter[tuple[str, ...]] = Counter()
        for words in sentences:
            shape = [word if word in frequent else "_" for word in words]
            seen.update({tuple(shape[at : at + 5]) for at in range(len(shape) - 4)})
        most = max(3, int(SHARED_FRAME * len(sentences)))
        faults += [
            f"{lang}: {' '.join(frame)}: {times} of {len(sentences)} sentences"
            for frame, times in seen.most_common()
            if times > most and "_" not in frame
        ]
    return faults


def novelty(passages: list[Passage]) -> dict[str, float]:
    """Return, by language, the share of 4-grams that stand in one passage only."""
    shares: dict[str, float] = {}
    for lang in LANGUAGES:
        seen: Counter[tuple[str, ...]] = Counter()
        for passage in passages:
            if passage.lang == lang:
                words = _words(passage.text, lang)
                seen.update({tuple(words[at : at + 4]) for at in range(len(words) - 3)})
        if seen:
            shares[lang] = sum(1 for times in seen.values() if times == 1) / len(seen)
    return shares


def frozen_digest() -> str:
    """Return the digest of the test split: names and bytes of its files."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "test").rglob("*.txt")):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def main(files: list[Path]) -> int:
    """Print what was found; return 1 if something does not hold."""
    if files:
        for path in files:
            passages = read_passages(path, path.parent.name)
            print(f"{path}: {_told(passages)}")
        return 0
    splits = {split: all_passages(split) for split in ("train", "test")}
    faults: list[str] = []
    for split, passages in splits.items():
        print(f"{split}: {_told(passages)}")
        told = ", ".join(f"{lang} {share:.3f}" for lang, share in novelty(passages).items())
        print(f"  4-grams that stand in one passage only: {told}")
        faults += [f"frame in {split}: {line}" for line in frames(passages)]
        ids = Counter(passage.id for passage in passages)
        faults += [f"{split}: the id {key} stands twice" for key, n in ids.items() if n > 1]
    both = {p.author for p in splits["train"]} & {p.author for p in splits["test"]}
    faults += [f"author of both splits: {author}" for author in sorted(both)]
    kept = ROOT / "test" / "SHA256"
    if kept.exists() and kept.read_text("utf-8").strip() != frozen_digest():
        faults.append("the test split is not the one that was frozen (corpus/test/SHA256)")
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _told(passages: list[Passage]) -> str:
    sentences = [s for p in passages for s in p.sentences]
    langs = Counter(p.lang for p in passages for _ in p.sentences)
    empty = sum(1 for s in sentences if not s.labels)
    labels = Counter(
        label.value if label.predicate == "indicator" else label.predicate
        for s in sentences
        for label in s.labels
    )
    return (
        f"{len(passages)} passages, {len(sentences)} sentences "
        f"({', '.join(f'{lang} {n}' for lang, n in sorted(langs.items()))}), "
        f"{empty} of them state nothing; {dict(labels.most_common())}"
    )


if __name__ == "__main__":
    try:
        sys.exit(main([Path(word) for word in sys.argv[1:]]))
    except CorpusError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
