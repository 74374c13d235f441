"""What the trained model makes of who speaks and how far the words go.

The rules (``attribution``, ``stance``) hear a tag such as "a source said"; much prose has
none: a court finds, a survivor tells on for a page, a ledger lists. The model weighs what
the rules heard with the sentence, its neighbours and the sort of document.

Laws:
1. What a rule heard in the sentence itself stands.
2. A denial that a rule heard stays a denial; the model may hear one more, never one less.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.claim import Attribution, Modality
from witnessmark.stages.extract.features import Look, look, masked, tokens_of
from witnessmark.stages.extract.model import LinearModel, Scores, probability, reading_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.span import Span

SELF = frozenset({"i", "my", "we", "our", "q", "a", "나는", "저는", "우리", "我", "咱", "俺"})
"""Words of which a document's share tells an interview or a letter from a report."""

BACK = 3
"""Sentences before that are looked at."""

NEGATING = frozenset({"deny", "not_word", "voluntary"})
"""Concepts that a denial is made with."""

DENIED_FROM = 0.1
"""Probability from which a sentence that negates is a denial: a denial that is read as a fact
is worse than a fact that is read as denied, which a person sees and corrects."""

DENIED_ALONE = 0.3
"""The same without a word of negation."""

SOMEBODY = 2.0
"""Log-odds by which another voice must beat the author's: nobody but the text speaks where
nothing tells (corpus guidelines)."""

HEADING = 14
BESIDE = 6


SENTENCES_KEPT = 64
"""Sentences of which the rows are remembered; the claims of one stand beside one another."""


@dataclass(slots=True)
class Kept:
    """What was worked out for the sentences asked last."""

    rows: dict[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])
    scores: dict[tuple[int, int, int, str], tuple[Scores, Scores]] = field(
        default_factory=dict[tuple[int, int, int, str], "tuple[Scores, Scores]"]
    )
    whole: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text as the voice model sees it.

    Attributes:
        lang: its language.
        masked: its sentences, names put out of sight.
        looks: the same, taken apart.
        whole: features that all of its sentences share.
        kept: rows of the features of the sentences asked last, and what was answered.
    """

    lang: str
    masked: tuple[str, ...]
    looks: tuple[Look, ...]
    whole: tuple[str, ...]
    kept: Kept = field(default_factory=Kept, compare=False, repr=False)


def document(hidden: Sequence[str], lang: str) -> Document:
    """Return the document of which *hidden* are the sentences, names put out of sight."""
    looks = tuple(look(sentence, lang) for sentence in hidden)
    concepts = Counter(concept for seen in looks for concept in seen.concepts)
    words = Counter(stem for seen in looks for stem in SELF.intersection(seen.stems))
    count = max(1, len(looks))
    whole = [f"d:{name}:{min(3, 4 * times // count + 1)}" for name, times in concepts.items()]
    whole += [f"dw:{word}:{min(3, times)}" for word, times in words.items()]
    if looks:
        whole += [f"h:{stem}" for stem in looks[0].stems[:HEADING]]
    return Document(lang, tuple(hidden), looks, tuple(sorted(set(whole))))


def voice_features(
    read: Document, number: int, quote: Span, *, heard: Attribution, stated: Modality, inside: bool
) -> list[str]:
    """Return what tells who says the *quote* of sentence *number*.

    Args:
        read: the document.
        number: the sentence.
        quote: the quote inside it.
        heard: what the rules heard.
        stated: how far the words go, by the rules.
        inside: whether the quote lies in direct speech.
    """
    names = dict.fromkeys(read.whole)
    names.update(dict.fromkeys(_of_sentence(read, number)))
    names.update(
        dict.fromkeys(_of_quote(read, number, quote, _heard(heard, stated, inside=inside)))
    )
    return list(names)


def _heard(heard: Attribution, stated: Modality, *, inside: bool) -> tuple[str, ...]:
    """Return what the rules heard, as features."""
    return f"va:{heard}", f"vm:{stated}", f"v:{heard}{stated}", f"in:{inside}"


def _of_sentence(read: Document, number: int) -> list[str]:
    """Return the features that all quotes of a sentence share, some of them twice."""
    sentence, seen = read.masked[number], read.looks[number]
    names = [f"l:{read.lang}"]
    names += [f"w:{stem}" for stem in seen.stems]
    names += [f"c:{concept}" for concept in seen.concepts]
    names += [f"b:{left} {right}" for left, right in zip(seen.stems, seen.stems[1:], strict=False)]
    for back in range(1, BACK + 1):
        if number >= back:
            earlier = read.looks[number - back]
            names += [f"p{min(back, 2)}:{name}" for name in earlier.concepts]
            if back == 1:
                names += [f"pw:{stem}" for stem in earlier.stems]
    if sentence.lstrip()[:1].isdigit():
        names.append("numbered")
    return names


def _of_quote(read: Document, number: int, quote: Span, told: tuple[str, ...]) -> list[str]:
    """Return the features of a quote, some of them twice."""
    sentence, lang = read.masked[number], read.lang
    within = set(map(masked, tokens_of(quote.of(sentence).casefold(), lang)))
    before = tokens_of(sentence[: quote.start].casefold(), lang)[-BESIDE:]
    after = tokens_of(sentence[quote.end :].casefold(), lang)[:BESIDE]
    names = [*told]
    names += [f"o:{stem}" for stem in read.looks[number].stems if stem not in within]
    names += [f"<:{masked(token)}" for token in before]
    names += [f">:{masked(token)}" for token in after]
    return names


def _scores(
    read: Document, number: int, quote: Span, told: tuple[str, ...]
) -> tuple[Scores, Scores]:
    """Return the log-odds of each voice and of each stance, remembered for the last sentences."""
    kept = read.kept
    key = (number, quote.start, quote.end, " ".join(told))
    known = kept.scores.get(key)
    if known is not None:
        return known
    model = reading_model()
    if model.stance.known is model.voice.known:
        voice = model.voice.rows(_of_quote(read, number, quote, told))
        voice |= _rows(read, number, model.voice)
        stance = voice
    else:
        names = [*read.whole, *_of_sentence(read, number), *_of_quote(read, number, quote, told)]
        voice, stance = model.voice.rows(names), model.stance.rows(names)
    kept.scores[key] = model.voice.logits(voice), model.stance.logits(stance)
    return kept.scores[key]


def _rows(read: Document, number: int, model: LinearModel) -> frozenset[int]:
    """Return the rows of what all quotes of a sentence share."""
    kept = read.kept
    if kept.whole is None:
        kept.whole = frozenset(model.rows(read.whole))
    rows = kept.rows.get(number)
    if rows is None:
        if len(kept.rows) >= SENTENCES_KEPT:
            kept.rows.clear()
            kept.scores.clear()
        rows = kept.rows[number] = kept.whole | model.rows(_of_sentence(read, number))
    return rows


def weighed(
    read: Document,
    number: int,
    quote: Span,
    *,
    heard: Attribution,
    stated: Modality,
    inside: bool,
    told: bool,
) -> tuple[Attribution, Modality]:
    """Return who says the quote and how far its words go, rules and model together.

    Args:
        read: the document.
        number: the sentence.
        quote: the quote inside it.
        heard: what the rules heard.
        stated: how far the words go, by the rules.
        inside: whether the quote lies in direct speech.
        told: whether the sentence itself names who speaks.
    """
    model = reading_model()
    scores, logits = _scores(read, number, quote, _heard(heard, stated, inside=inside))
    author = scores[model.voice.labels.index(Attribution.AUTHOR)]
    voice = model.voice.labels[int(scores.argmax())]
    attribution = heard
    if not (told and heard is not Attribution.AUTHOR) and scores.max() - author > SOMEBODY:
        attribution = Attribution(voice)
    if stated is Modality.DENIED:
        return attribution, stated
    denied = probability(float(logits[model.stance.labels.index(Modality.DENIED)]))
    least = DENIED_FROM if read.looks[number].concepts & NEGATING else DENIED_ALONE
    if denied >= least:
        return attribution, Modality.DENIED
    return attribution, Modality(model.stance.labels[int(logits.argmax())])
