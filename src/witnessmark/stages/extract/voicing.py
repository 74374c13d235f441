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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import Attribution, Modality
from witnessmark.stages.extract.features import Look, look
from witnessmark.stages.extract.model import probability, reading_model

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

SOMEBODY = 1.0
"""Log-odds by which another voice must beat the author's: nobody but the text speaks where
nothing tells (corpus guidelines)."""

HEADING = 14
BESIDE = 6


@dataclass(frozen=True, slots=True)
class Document:
    """A text as the voice model sees it.

    Attributes:
        lang: its language.
        masked: its sentences, names put out of sight.
        looks: the same, taken apart.
        whole: features that all of its sentences share.
    """

    lang: str
    masked: tuple[str, ...]
    looks: tuple[Look, ...]
    whole: tuple[str, ...]


def document(masked: Sequence[str], lang: str) -> Document:
    """Return the document of which *masked* are the sentences."""
    looks = tuple(look(sentence, lang) for sentence in masked)
    concepts = Counter(concept for seen in looks for concept in seen.concepts)
    words = Counter(stem for seen in looks for stem in SELF.intersection(seen.stems))
    count = max(1, len(looks))
    whole = [f"d:{name}:{min(3, 4 * times // count + 1)}" for name, times in concepts.items()]
    whole += [f"dw:{word}:{min(3, times)}" for word, times in words.items()]
    if looks:
        whole += [f"h:{stem}" for stem in looks[0].stems[:HEADING]]
    return Document(lang, tuple(masked), looks, tuple(sorted(set(whole))))


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
    sentence, seen = read.masked[number], read.looks[number]
    names = dict.fromkeys(read.whole)
    told = [f"va:{heard}", f"vm:{stated}", f"v:{heard}{stated}", f"l:{read.lang}", f"in:{inside}"]
    names.update(dict.fromkeys(told))
    names.update(dict.fromkeys(f"w:{stem}" for stem in seen.stems))
    names.update(dict.fromkeys(f"c:{concept}" for concept in seen.concepts))
    pairs = zip(seen.stems, seen.stems[1:], strict=False)
    names.update(dict.fromkeys(f"b:{left} {right}" for left, right in pairs))
    within = set(look(quote.of(sentence), read.lang).stems)
    names.update(dict.fromkeys(f"o:{stem}" for stem in seen.stems if stem not in within))
    before = look(sentence[: quote.start], read.lang).stems[-BESIDE:]
    after = look(sentence[quote.end :], read.lang).stems[:BESIDE]
    names.update(dict.fromkeys(f"<:{stem}" for stem in before))
    names.update(dict.fromkeys(f">:{stem}" for stem in after))
    for back in range(1, BACK + 1):
        if number >= back:
            earlier = read.looks[number - back]
            names.update(dict.fromkeys(f"p{min(back, 2)}:{name}" for name in earlier.concepts))
            if back == 1:
                names.update(dict.fromkeys(f"pw:{stem}" for stem in earlier.stems))
    if sentence.lstrip()[:1].isdigit():
        names["numbered"] = None
    return list(names)


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
    names = voice_features(read, number, quote, heard=heard, stated=stated, inside=inside)
    scores = model.voice.logits(names)
    author = scores[model.voice.labels.index(Attribution.AUTHOR)]
    voice = model.voice.labels[int(scores.argmax())]
    attribution = heard
    if not (told and heard is not Attribution.AUTHOR) and scores.max() - author > SOMEBODY:
        attribution = Attribution(voice)
    if stated is Modality.DENIED:
        return attribution, stated
    logits = model.stance.logits(names)
    denied = probability(float(logits[model.stance.labels.index(Modality.DENIED)]))
    least = DENIED_FROM if read.looks[number].concepts & NEGATING else DENIED_ALONE
    if denied >= least:
        return attribution, Modality.DENIED
    return attribution, Modality(model.stance.labels[int(logits.argmax())])
