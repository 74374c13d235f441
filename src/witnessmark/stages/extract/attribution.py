"""Who says it: the voice of every sentence.

Laws:
1. The closest source counts; where none is named, the author speaks.
2. "The source", "he added" resolve to the source that the text introduced last, also
   where it was introduced without a word of saying.
3. A speaker is named as the text names him, never more closely; in a text in another
   language the English words for him stand before the text's own.
4. Direct speech without a tag of its own belongs to the speaker of its paragraph,
   else to the next one named in it, else to the last one named before.
5. Where no one is named, the voice of the paper speaks (``papers``): a court's findings, a
   witness's own account; and a witness's own account has no other voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.core.claim import Attribution
from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, compiled, find, find_all
from witnessmark.stages.extract.papers import Paper, papers_of, whose
from witnessmark.stages.extract.quotation import speech_in
from witnessmark.stages.extract.rulefile import expand, fragments
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.quotation import Speech
    from witnessmark.stages.extract.rulefile import Pattern
    from witnessmark.stages.extract.segment import Sentence

SCHEMA = "witnessmark/extract-attribution/1"
LONGEST_SPEAKER = 90
"""Code points of a speaker's description that are kept."""

SPOKEN = 0.6
"""Share of a sentence that makes it speech as a whole."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks.

    Attributes:
        attribution: what sort of source it is.
        speaker: name or description, as the text gives it.
        own: whether it is the paper's own voice, which states rather than reports.
    """

    attribution: Attribution
    speaker: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class SentenceVoice:
    """The voice of a sentence, and of the speech inside it.

    Attributes:
        plain: who speaks outside quotation marks.
        quoted: who speaks inside them.
        speech: the stretches inside, in the text's offsets.
        told: whether the sentence itself names its source.
    """

    plain: Voice
    quoted: Voice
    speech: tuple[Span, ...]
    told: bool

    def at(self, span: Span) -> Voice:
        """Return who speaks the words at *span*."""
        inside = any(stretch.overlaps(span) for stretch in self.speech)
        return self.quoted if inside else self.plain


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    pattern: Pattern
    scope: str
    attribution: Attribution | None


@dataclass(frozen=True, slots=True)
class _Back:
    """Words by which an earlier speaker is taken up again.

    Attributes:
        pattern: the words.
        among: what sorts of source they can stand for, the first also where none was
            introduced; empty for any.
        person: whether they stand for a person and never for an outlet or a paper.
    """

    pattern: Pattern
    among: tuple[Attribution, ...]
    person: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """The attribution rules of a language, compiled."""

    rules: tuple[_Rule, ...]
    introductions: tuple[_Rule, ...]
    aliases: tuple[Pattern, ...]
    speakers: tuple[tuple[Pattern, Attribution], ...]
    back: tuple[_Back, ...]
    impersonal: Pattern
    english: tuple[tuple[Pattern, str], ...]
    where: tuple[tuple[Pattern, str], ...]
    cut: Pattern
    anonymity: Pattern
    carries: Pattern
    outlets: tuple[Pattern, ...]
    papers: tuple[Paper, ...]
    unnamed: Attribution | None
    surname: Pattern
    passed_on: Pattern


@dataclass(frozen=True, slots=True)
class _Told:
    voice: Voice
    scope: str
    at: int


@cache
def grammar(folder: str) -> Grammar:
    """Return the attribution rules of the language *folder*."""
    name = f"{folder}/attribution.yaml"
    data = load_rules(name, SCHEMA)
    local = {**fragments(folder), **{k: str(v) for k, v in data.get("define", {}).items()}}
    local["verbs"] = str(data["verbs"])

    def one(text: str) -> Pattern:
        return compiled(expand(text, local, name), name)

    def label(row: Mapping[str, Any]) -> Attribution | None:
        return Attribution(row["attribution"]) if "attribution" in row else None

    def back(row: Mapping[str, Any]) -> _Back:
        named = (row["attribution"],) if "attribution" in row else row.get("among", ())
        return _Back(
            one(row["pattern"]), tuple(map(Attribution, named)), bool(row.get("person", False))
        )

    def english(key: str) -> tuple[tuple[Pattern, str], ...]:
        return tuple((one(row["pattern"]), row["english"]) for row in data.get(key, ()))

    spoken = tuple(
        _Rule(row["id"], one(row["pattern"]), row.get("scope", "sentence"), label(row))
        for row in data["rules"]
    )
    return Grammar(
        tuple(rule for rule in spoken if rule.scope != "introduced"),
        tuple(rule for rule in spoken if rule.scope == "introduced"),
        tuple(one(text) for text in data.get("aliases", ())),
        tuple((one(row["pattern"]), Attribution(row["attribution"])) for row in data["speakers"]),
        tuple(back(row) for row in data["back_references"]),
        one(data.get("impersonal", "(?!)")),
        english("english"),
        english("english_places"),
        one(data["cut"]),
        one(data["anonymity"]),
        one(data["carries"]),
        tuple(one(text) for text in data["outlets"]),
        papers_of(data.get("papers", ()), one),
        Attribution(data["unnamed"]) if "unnamed" in data else None,
        one(data.get("surname", "(?!)")),
        one(data.get("passed_on", "(?!)")),
    )


def outlet_of(sentences: Sequence[Sentence], language: Language, text: str, stops: Stops) -> str:
    """Return the outlet or author that the text names for itself, else empty."""
    for pattern in grammar(language.folder).outlets:
        for sentence in sentences:
            match = find(pattern, sentence.folded, stops, "outlet")
            if match:
                return Span(*match.span("outlet")).shifted(sentence.span.start).of(text).strip()
    return ""


class Listener:
    """Hears a text from its first sentence to its last, and keeps who spoke."""

    def __init__(self, language: Language, author: Voice, text: str, stops: Stops) -> None:
        """Start with no one introduced."""
        self._grammar = grammar(language.folder)
        self._author = author
        self._text = text
        self._stops = stops
        self._introduced: list[Voice] = []
        self._aliases: dict[str, Voice] = {}
        self._document: Voice = author
        unnamed = self._grammar.unnamed
        self._unnamed = None if unnamed is None else Voice(unnamed, "")

    def hear(
        self, sentences: Sequence[Sentence], speeches: Sequence[Speech]
    ) -> tuple[SentenceVoice, ...]:
        """Return the voice of every sentence."""
        stretches = speech_in(sentences, speeches)
        outside = [
            _masked(sentence, inside) for sentence, inside in zip(sentences, stretches, strict=True)
        ]
        paper = whose(outside, self._grammar.papers, self._stops)
        if paper is not None:
            self._document = Voice(paper.attribution, "", paper.own)
            if paper.alone:
                return self._alone(stretches)
        told = [
            self._told(sentence, words) for sentence, words in zip(sentences, outside, strict=True)
        ]
        heard: list[SentenceVoice] = []
        paragraph, speaker, previous = -1, None, None
        last: Voice | None = None
        for index, sentence in enumerate(sentences):
            if sentence.paragraph != paragraph:
                paragraph, speaker, previous = sentence.paragraph, None, None
            inside = stretches[index]
            own = told[index]
            if own is not None:
                speaker = own.voice
            quoted = (
                speaker
                or self._next(sentences, told, index)
                or last
                or self._whose_speech(sentence, inside)
            )
            plain = self._plain(sentence, own, previous)
            heard.append(
                SentenceVoice(plain, quoted or plain, inside, own is not None or bool(inside))
            )
            previous = (
                quoted
                if own is not None or (inside and quoted)
                else (plain if plain != self._author else None)
            )
            if own is not None:
                last = own.voice
                if own.scope == "document":
                    self._document = own.voice
        return tuple(heard)

    def _whose_speech(self, sentence: Sentence, inside: tuple[Span, ...]) -> Voice | None:
        """Return whose untagged speech is in a text that names no one.

        A sentence that is speech throughout is somebody's; a few quoted words in another's
        sentence are the writer's.
        """
        spoken = sum(stretch.end - stretch.start for stretch in inside)
        length = sentence.span.end - sentence.span.start
        return self._unnamed if spoken >= SPOKEN * length else None

    def _plain(self, sentence: Sentence, own: _Told | None, previous: Voice | None) -> Voice:
        if own is not None and own.scope != "quoted":
            return own.voice
        carried = previous is not None and previous.attribution in {
            Attribution.ANONYMOUS_SOURCE,
            Attribution.WITNESS_OR_SURVIVOR,
        }
        if carried and find(self._grammar.carries, sentence.folded, self._stops, "carries"):
            return previous or self._document
        return self._passed_on(sentence) or self._document

    def _passed_on(self, sentence: Sentence) -> Voice | None:
        """Return the anonymous source of the text where *sentence* passes something on."""
        if self._document is not self._author:
            return None
        if not find(self._grammar.passed_on, sentence.folded, self._stops, "passed_on"):
            return None
        return next(
            (v for v in self._introduced if v.attribution is Attribution.ANONYMOUS_SOURCE), None
        )

    def _next(
        self, sentences: Sequence[Sentence], told: Sequence[_Told | None], index: int
    ) -> Voice | None:
        for later in range(index + 1, min(index + 3, len(told))):
            if sentences[later].paragraph != sentences[index].paragraph:
                return None
            found = told[later]
            if found is not None:
                return found.voice
        return None

    def _alone(self, stretches: Sequence[tuple[Span, ...]]) -> tuple[SentenceVoice, ...]:
        """Return the one voice of a text in which nobody else speaks."""
        voice = self._document
        return tuple(SentenceVoice(voice, voice, inside, told=False) for inside in stretches)

    def _told(self, sentence: Sentence, outside: str) -> _Told | None:
        """Return who the words outside speech say is speaking; the closest to speech wins."""
        for rule in self._grammar.introductions:
            for match in find_all(rule.pattern, outside, self._stops, rule.id):
                self._voice(match.group("speaker"), match.start("speaker"), sentence, rule)
        best = self._spoken(sentence, outside)
        self._named(sentence)
        return best

    def _named(self, sentence: Sentence) -> None:
        """Keep the name by which the text will call the one it has just introduced."""
        for pattern in self._grammar.aliases:
            match = find(pattern, sentence.folded, self._stops, "aliases")
            if match and self._introduced:
                self._aliases[match.group("alias").lower()] = self._introduced[-1]

    def _spoken(self, sentence: Sentence, outside: str) -> _Told | None:
        best: _Told | None = None
        for rule in self._grammar.rules:
            for match in find_all(rule.pattern, outside, self._stops, rule.id):
                voice = self._voice(match.group("speaker"), match.start("speaker"), sentence, rule)
                if voice is not None and best is None:
                    best = _Told(voice, rule.scope, match.start())
            if best is not None:
                break
        return best

    def _voice(self, words: str, at: int, sentence: Sentence, rule: _Rule) -> Voice | None:
        head = self._grammar.cut.before(words).strip(" ,;")
        if not head:
            return None
        known = self._aliases.get(head.lower()) or self._aliases.get(
            head.rsplit(" ", 1)[-1].lower()
        )
        if known is not None:
            return known
        for back in self._grammar.back:
            if back.pattern.fullmatch(head):
                return self._taken_up(back, rule, head, at, words, sentence)
        anonymous = find(self._grammar.anonymity, sentence.folded, self._stops, "anonymity")
        for pattern, attribution in self._grammar.speakers:
            if find(pattern, head, self._stops, "speakers"):
                kind = rule.attribution or attribution
                if anonymous and kind in {Attribution.NAMED_SOURCE, Attribution.OFFICIAL}:
                    kind = Attribution.ANONYMOUS_SOURCE
                voice = Voice(kind, self._surface(head, at, words, sentence))
                self._introduced.append(voice)
                surname = self._grammar.surname.search(head)
                if surname is not None:
                    self._aliases.setdefault(surname.group().lower(), voice)
                return voice
        return None

    def _taken_up(
        self, back: _Back, rule: _Rule, head: str, at: int, words: str, sentence: Sentence
    ) -> Voice | None:
        """Return the speaker whom *head* takes up again."""
        among = back.among or ((rule.attribution,) if rule.attribution else ())
        for known in reversed(self._introduced):
            impersonal = back.person and self._grammar.impersonal.search(known.speaker)
            if not impersonal and (not among or known.attribution in among):
                return known
        if not among:
            return Voice(self._unnamed.attribution, head) if back.person and self._unnamed else None
        voice = Voice(among[0], self._surface(head, at, words, sentence))
        self._introduced.append(voice)
        return voice

    def _surface(self, head: str, at: int, words: str, sentence: Sentence) -> str:
        start = sentence.span.start + at + words.index(head)
        surface = " ".join(self._text[start : start + len(head)].split())[:LONGEST_SPEAKER]
        role = next((e for p, e in self._grammar.english if p.search(surface)), "")
        if role:
            where = next((e for p, e in self._grammar.where if p.search(surface)), "")
            return f"{role}{where} ({surface})"
        first, _, rest = surface.partition(" ")
        small = first.lower() in {"a", "an", "the", "one", "another", "our", "some", "two"}
        return f"{first.lower()} {rest}" if small and rest else surface


def _masked(sentence: Sentence, inside: Sequence[Span]) -> str:
    """Return the folded sentence with its speech blanked, as long as before."""
    folded = sentence.folded
    for speech in inside:
        start = max(0, speech.start - sentence.span.start)
        end = min(len(folded), speech.end - sentence.span.start)
        folded = folded[:start] + "\x00" * (end - start) + folded[end:]
    return folded
