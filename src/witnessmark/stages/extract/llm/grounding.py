"""The steps by which a model's claim is checked; the same numbers stand in every refusal.

Laws (a claim gets in only if all hold):
1. The form is the one that was asked for (``answer``).
2. Predicate and labels are of the closed lists.
3. The quote stands in the paragraph, sign for sign, once, in whole words, inside one sentence.
4. The sentence is one that the rules would read, and does not speak to a program.
5. The value is a label, or words of the quote, or a number that our grammar reads there.
6. The subject stands in the sentence, or is what our rules call it.
7. What is said of a photograph stays with the photograph; its place is never taken.
8. Who says it and how far the words go are read by our rules. Where the model or a word of
   denial sees a denial that the rules don't, nothing is proposed.
9. No name of a protected person stands in value or subject.

Whatever passes is a candidate with a low score, proposed, and never more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from witnessmark.core.claim import (
    ILO_INDICATORS,
    INSIDE_COERCION,
    PHOTOGRAPHED,
    STATE_IMPOSED_INDICATORS,
    Claim,
    MentionType,
    Modality,
    Predicate,
    Status,
    Tier,
)
from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, find
from witnessmark.stages.extract.llm.figures import NUMBERS_ONLY, NUMBERS_TOO, read_figure
from witnessmark.stages.extract.llm.ground import addressed
from witnessmark.stages.extract.llm.template import TRENDS, known_site_kinds, template
from witnessmark.stages.extract.matching import whole_words
from witnessmark.stages.extract.mentions import lexicon, site_kind
from witnessmark.stages.extract.photograph import PICTURED
from witnessmark.stages.extract.stance import group_of, modality_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.llm.answer import Figure, Item
    from witnessmark.stages.extract.llm.ground import Ground
    from witnessmark.stages.extract.segment import Sentence
    from witnessmark.store.protected import ProtectedNames

SCORE = 0.3
"""Below the least that a rule gives (0.4); the model is not asked for one."""

SHORTEST_QUOTE = 4
"""Code points; two signs state nothing."""

REASON = "a language model points at these words; quote, numbers and names were found in them"

_INDICATORS = frozenset({*ILO_INDICATORS, *STATE_IMPOSED_INDICATORS})


class RefusedError(Exception):
    """A claim that does not get in; the reason, with its step, is the argument."""


def quote_of(item: Item, ground: Ground, piece: Span) -> tuple[Sentence, Span]:
    """Return the sentence and the place of the quote (steps 3 and 4).

    Raises:
        RefusedError: it does not stand there.
    """
    words, text = item.quote, ground.document.text
    if len(words) < SHORTEST_QUOTE or words != words.strip():
        raise RefusedError("3 the quote is too short, or begins or ends with a space")
    at = text.find(words, piece.start, piece.end)
    if at < 0:
        raise RefusedError("3 the quote does not stand in the paragraph")
    if text.find(words, at + 1, piece.end) >= 0:
        raise RefusedError("3 the quote stands in the paragraph more than once")
    span = Span(at, at + len(words))
    part = ground.part_at(span)
    if part is None:
        raise RefusedError("3 the quote does not lie inside one sentence")
    inside = span.shifted(-part.span.start)
    if ground.language.spaced and whole_words(part.folded, inside) != inside:
        raise RefusedError("3 the quote begins or ends inside a word")
    stops = Stops()
    if find(ground.words.unread, part.folded, stops, "unread") or stops.names:
        raise RefusedError("4 the sentence speaks of a law, a definition or a risk")
    if addressed(part):
        raise RefusedError("4 the sentence speaks to a program")
    return part, span


def grounded(
    item: Item, ground: Ground, piece: Span, names: ProtectedNames, *, model: str
) -> Claim:
    """Return the candidate that *item* makes.

    Args:
        item: a claim of a model.
        ground: our own reading of the document.
        piece: the paragraph that the model was shown.
        names: names that the case protects.
        model: the model.

    Raises:
        RefusedError: it does not stand in the text; the step is named.
    """
    part, span = quote_of(item, ground, piece)
    inside = span.shifted(-part.span.start)
    pictured = part.number in ground.photos
    _check_photograph(item, part, ground, pictured=pictured)
    value = _value(item, part, inside, ground)
    subject, held = _subject(item, part, inside, ground, pictured=pictured)
    voice = ground.voices[part.number].at(span)
    stops = Stops()
    what = str(value) if item.predicate is Predicate.INDICATOR else item.predicate.value
    stated = modality_of(part.folded, inside, what, voice.attribution, ground.words, stops)
    _check_stance(item, stated, part, inside, what, ground, stops)
    if names.within(subject) or names.in_row(value):
        raise RefusedError("9 it names a protected person")
    preferred = item.predicate is Predicate.STATED_PREFERENCE and held
    return Claim(
        "",
        ground.document.source,
        ground.document.rendition,
        ground.document.rendering,
        item.predicate,
        value,
        subject,
        span.of(ground.document.text),
        span.start,
        span.end,
        voice.attribution,
        voice.speaker,
        stated,
        Tier.CANDIDATE,
        SCORE,
        Status.PROPOSED,
        f"llm {model}",
        "llm",
        REASON,
        INSIDE_COERCION if preferred else "",
        ground.language.code,
    ).identified()


def _check_photograph(item: Item, part: Sentence, ground: Ground, *, pictured: bool) -> None:
    words = template().words.get(ground.language.code)
    spoken_of = pictured or words is None or words.photograph.search(part.folded) is not None
    if item.predicate is Predicate.LOCATED_IN and spoken_of:
        raise RefusedError("7 no place is taken from a sentence about a photograph")
    if item.predicate is Predicate.EVIDENCE_PHOTO and not pictured:
        raise RefusedError("7 the sentence describes no photograph")
    if pictured and item.predicate not in PICTURED:
        raise RefusedError("7 a photograph does not show this")


def _check_stance(
    item: Item,
    stated: Modality,
    part: Sentence,
    quote: Span,
    what: str,
    ground: Ground,
    stops: Stops,
) -> None:
    words = template().words.get(ground.language.code)
    if stated is not Modality.DENIED:
        if item.modality is Modality.DENIED:
            raise RefusedError("8 the model sees a denial that the rules don't see")
        before = part.folded[: quote.end] if ground.language.spaced else part.folded
        if what in template().cautious and (
            words is None or find(words.negation, before, stops, "negation")
        ):
            raise RefusedError("8 a word of denial stands beside it")
    if stops.names:
        raise RefusedError("8 a search for denials was stopped")


def _value(item: Item, part: Sentence, quote: Span, ground: Ground) -> Value:
    predicate, given = item.predicate, item.value
    if not isinstance(given, str):
        return _number(predicate, given, part, quote, ground)
    if predicate in NUMBERS_ONLY:
        raise RefusedError("5 the value has to be a number")
    if predicate in _LABELS:
        return _label(predicate, given, part, quote, ground)
    if predicate is Predicate.EVIDENCE_PHOTO:
        return _plain(quote.shifted(part.span.start).of(ground.document.text))
    if predicate is Predicate.MAKES:
        product = _product(given, part, quote, ground)
        if product:
            return product
    if predicate is Predicate.LOCATED_IN:
        return _place(given, part, quote, ground)
    return _words(given, part, quote, ground, "5 the value does not stand in the quote")


_LABELS: Mapping[Predicate, Callable[[], frozenset[str]]] = {
    Predicate.INDICATOR: lambda: _INDICATORS,
    Predicate.SITE_KIND: known_site_kinds,
    Predicate.OUTPUT_TREND: lambda: frozenset(TRENDS),
}
"""Predicates whose value is a label, and the lists."""


def _label(predicate: Predicate, given: str, part: Sentence, quote: Span, ground: Ground) -> str:
    if given not in _LABELS[predicate]():
        raise RefusedError("2 the label is none of the list")
    if predicate is Predicate.SITE_KIND:
        lexical = lexicon(ground.language.folder, ground.language.code)
        ours = site_kind(quote.of(part.folded), lexical)
        if ours and ours != given:
            raise RefusedError("5 the rules read another kind of site in these words")
    return given


def _number(
    predicate: Predicate, given: Figure, part: Sentence, quote: Span, ground: Ground
) -> Value:
    if predicate not in NUMBERS_TOO:
        raise RefusedError("5 the value may not be a number")
    read = read_figure(predicate, given, part.folded, quote, ground.language)
    if read is None:
        raise RefusedError("5 the number or its unit does not stand in the words so")
    return read


def _product(given: str, part: Sentence, quote: Span, ground: Ground) -> str:
    """Return the norm of the product that *given* names inside the quote, else empty."""
    for named in ground.within(quote.shifted(part.span.start)):
        if named.type is MentionType.PRODUCT:
            inside = named.span.shifted(-part.span.start)
            words = (named.norm, inside.of(part.folded))
            if _plain(given).casefold() in {word.casefold() for word in words}:
                return named.norm
    return ""


def _place(given: str, part: Sentence, quote: Span, ground: Ground) -> str:
    """Return *given* if each of its parts stands in the sentence, the first in the quote."""
    why = "5 the place does not stand in the quote"
    units = template().place_units
    for number, name in enumerate(given.split(",")):
        words = name.split()
        core = " ".join(word for word in words if word.lower() not in units)
        _words(core, part, quote if number == 0 else Span(0, len(part.folded)), ground, why)
        for word in (word.lower() for word in words if word.lower() in units):
            several = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
            if not regex.search(rf"\b(?:{word}|{several})\b", part.folded.lower()):
                raise RefusedError(why)
    return _plain(given)


def _words(given: str, part: Sentence, where: Span, ground: Ground, why: str) -> str:
    """Return the text's own words for *given* inside *where*; case and spaces don't count.

    Raises:
        RefusedError: they don't stand there; *why* says so.
    """
    folded = ground.language.fold(_plain(given))
    if not any(sign.isalnum() for sign in folded):
        raise RefusedError(why)
    left, right = (r"(?<!\w)", r"(?!\w)") if ground.language.spaced else ("", "")
    words = r"\s+".join(map(regex.escape, folded.split()))
    found = regex.search(
        f"{left}{words}{right}", part.folded[: where.end], regex.IGNORECASE, where.start
    )
    if found is None:
        raise RefusedError(why)
    return _plain(Span(*found.span()).shifted(part.span.start).of(ground.document.text))


def _plain(words: str) -> str:
    return " ".join(words.split())


def _subject(
    item: Item, part: Sentence, quote: Span, ground: Ground, *, pictured: bool
) -> tuple[str, bool]:
    """Return whom the claim is about, and whether they are held."""
    if pictured:
        return PHOTOGRAPHED, False
    stops = Stops()
    group = group_of(part.folded, quote, ground.words, stops)
    in_document = "held" in ground.contexts
    held = group.held if group else in_document
    usual = ground.words.default_subject if in_document else ""
    given = _plain(item.subject)
    known = {one.name.casefold() for one in ground.words.groups}
    if not given or given.casefold() in known:
        return (group.name if group else usual), held
    if given.casefold() == PHOTOGRAPHED:
        raise RefusedError("7 the sentence describes no photograph")
    whole = Span(0, len(part.folded))
    return _words(given, part, whole, ground, "6 the subject does not stand in the sentence"), held
