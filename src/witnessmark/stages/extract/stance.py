"""How far words go, whom they are about, and which sentences say nothing of a case.

Laws:
1. A denial is never read as a fact.
2. What is said of people who are held is said inside coercion.
3. Laws, definitions and risks state nothing about a site: such sentences are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.core.claim import Attribution, Modality
from witnessmark.stages.extract.bounded import Stops, compiled, find, find_all
from witnessmark.stages.extract.rulefile import Pattern, expand, fragments, language_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.span import Span
    from witnessmark.stages.extract.segment import Sentence


SITE_DISTANCE = 2_000
"""Code points by which a site stands behind people as what a claim is about."""


@dataclass(frozen=True, slots=True)
class Group:
    """People or places that a claim can be about.

    Attributes:
        pattern: the words for them.
        name: what the claim's subject is called.
        held: whether they are held or made to work.
        site: whether it is a kind of site rather than people: people come first.
    """

    pattern: Pattern
    name: str
    held: bool
    site: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the words for a group stand in a sentence."""

    start: int
    end: int
    group: Group


@dataclass(frozen=True, slots=True)
class Context:
    """A named condition on the whole document.

    Attributes:
        pattern: words that speak for it.
        times: how often they must stand in the document.
        enough: words of which one is enough.
    """

    pattern: Pattern
    times: int
    enough: Pattern


@dataclass(frozen=True, slots=True)
class Stance:
    """The stance words of a language, compiled."""

    groups: tuple[Group, ...]
    contexts: dict[str, Context]
    hedges: Pattern
    denials: Pattern
    rebuttals: Pattern
    negations: dict[str, Pattern]
    habits: Pattern
    unread: Pattern
    hearsay: Pattern
    default_subject: str
    clause_ends: Pattern


@cache
def stance(folder: str) -> Stance:
    """Return the stance words of the language *folder*."""
    data: dict[str, Any] = language_data(folder)
    local = fragments(folder)
    where = f"{folder}/language.yaml"

    def one(text: str) -> Pattern:
        return compiled(expand(text, local, where), where)

    return Stance(
        tuple(
            Group(one(row["pattern"]), row["name"], bool(row.get("held")), bool(row.get("site")))
            for row in data["groups"]
        ),
        {
            name: Context(
                one(row["pattern"]), int(row.get("times", 1)), one(row.get("enough", "(?!)"))
            )
            for name, row in data["contexts"].items()
        },
        one(data["hedges"]),
        one(data["denials"]),
        one(data.get("rebuttals", "(?!)")),
        {name: one(text) for name, text in data.get("negations", {}).items()},
        one(data["habits"]),
        one(data["unread"]),
        one(data.get("hearsay", "(?!)")),
        str(data.get("default_subject", "")),
        one(data["clause_ends"]),
    )


def contexts_of(sentences: Sequence[Sentence], words: Stance, stops: Stops) -> frozenset[str]:
    """Return the names of the contexts that hold for the document."""
    holding: set[str] = set()
    for name, context in words.contexts.items():
        seen = 0
        for sentence in sentences:
            seen += sum(1 for _ in find_all(context.pattern, sentence.folded, stops, name))
            if seen >= context.times or find(context.enough, sentence.folded, stops, name):
                holding.add(name)
                break
    return frozenset(holding)


def modality_of(
    sentence: str,
    quote: Span,
    what: str,
    attribution: Attribution,
    words: Stance,
    stops: Stops,
    *,
    own: bool = False,
) -> Modality:
    """Return how far the words of the quote go inside its *sentence*.

    Args:
        sentence: the folded sentence.
        quote: the quote inside it.
        what: predicate of the claim, or the indicator that it names.
        attribution: who says so.
        words: stance words of the language.
        stops: bounds on the searches.
        own: whether the paper itself speaks, which states rather than reports.
    """
    if _denied(sentence, quote, what, attribution, words, stops):
        return Modality.DENIED
    if find(words.hedges, sentence[: quote.end], stops, "hedges"):
        return Modality.HEDGED
    if (attribution is not Attribution.AUTHOR and not own) or find(
        words.hearsay, sentence, stops, "hearsay"
    ):
        return Modality.REPORTED
    if find(words.habits, sentence, stops, "habits"):
        return Modality.GENERAL
    return Modality.ASSERTED


def _denied(
    sentence: str, quote: Span, what: str, attribution: Attribution, words: Stance, stops: Stops
) -> bool:
    """Return whether the *sentence*, its quote or the answer of the accused says it is not so."""
    if find(words.denials, sentence, stops, "denials"):
        return True
    negation = words.negations.get(what)
    if negation is not None and find(negation, quote.of(sentence), stops, "negations"):
        return True
    accused = attribution is Attribution.ACCUSED_PARTY
    return accused and find(words.rebuttals, sentence, stops, "rebuttals") is not None


def group_of(sentence: str, quote: Span, words: Stance, stops: Stops) -> Group | None:
    """Return whom the *quote* is about: named in it, else nearest before it, else after."""
    return nearest(groups_in(sentence, words, stops), quote)


def groups_in(sentence: str, words: Stance, stops: Stops) -> tuple[Standing, ...]:
    """Return where each group stands in the *sentence*, by rank."""
    return tuple(
        Standing(match.start(), match.end(), group)
        for group in words.groups
        for match in find_all(group.pattern, sentence, stops, group.name)
    )


def nearest(standing: Sequence[Standing], quote: Span) -> Group | None:
    """Return the group nearest to *quote*, of two as near the one that stands first."""
    best: tuple[int, Group] | None = None
    for at in standing:
        if at.start >= quote.end:
            distance = 1_000 + at.start - quote.end
        elif at.end <= quote.start:
            distance = 1 + quote.start - at.end
        else:
            distance = 0
        distance += SITE_DISTANCE if at.group.site else 0
        if best is None or distance < best[0]:
            best = distance, at.group
    return None if best is None else best[1]
