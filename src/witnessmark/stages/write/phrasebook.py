"""The wording of the dossier: a rule file, read once into typed rows.

Law: words stand in ``rules/write/phrases.yaml``, where a linguist or a lawyer can
edit them; no sentence of a dossier is put together from words in the code alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from witnessmark.core.errors import InputError
from witnessmark.core.sitekind import SITE_KINDS, SITE_KINDS_SCHEMA, SiteKind, site_kinds
from witnessmark.store.rulebook import load_rules

PHRASES_FILE = "write/phrases.yaml"
PHRASES_SCHEMA = "witnessmark/phrases/1"


@dataclass(frozen=True, slots=True)
class VoicePhrase:
    """How one kind of speaker is introduced.

    Attributes:
        who: the speaker, with ``{outlet}``, ``{speaker}``, ``{province}``.
        verb: what comes before the clause.
        denied: the same for a denial.
        bare: the same where the source states no outlet.
        retold: the same where the source is a paraphrase.
        retold_denied: a denial in a paraphrase.
        tag: the short form beside a quote.
        retold_tag: the same where the source is a paraphrase.
    """

    who: str
    verb: str
    denied: str
    bare: str
    retold: str
    retold_denied: str
    tag: str
    retold_tag: str


@dataclass(frozen=True, slots=True)
class Subject:
    """How a claim's subject is written in a sentence.

    Attributes:
        phrase: the words.
        many: whether it takes a plural verb.
        held: whether it names people who are held.
    """

    phrase: str
    many: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A word of the quote that limits the statement; the sentence keeps it.

    Attributes:
        word: what the sentence says.
        find: what is looked for in the quote.
        where: ``adverb`` or ``subject``.
    """

    word: str
    find: re.Pattern[str]
    where: str


class Shape(StrEnum):
    """What sort of words a value is."""

    NOUN = "noun"
    VERB = "verb"
    CLAUSE = "clause"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Clause:
    """One way to say a predicate.

    Attributes:
        shape: the shape of value that it fits, None for every one.
        when: words that the value must hold, None for any.
        one: verb phrase after one subject.
        many: after several.
        held: after people who are held; empty where ``many`` serves.
        there: a whole clause for a subject that exists by being told of.
        whole: a whole clause with its subject inside; empty where there is a verb phrase.
    """

    shape: Shape | None
    when: re.Pattern[str] | None
    one: str
    many: str
    held: str
    there: str
    whole: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One group of sentences.

    Attributes:
        id: anchor on the page.
        title: heading.
        predicates: the predicates told under it, in order.
    """

    id: str
    title: str
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the mechanism.

    Attributes:
        id: name of the box.
        label: its heading.
        predicates: which claims stand for it.
        match: only claims whose value holds this; None for all.
        at: box of the chain beside which it stands, empty for the chain itself.
        place: ``above`` or ``below``, empty for the chain.
        missing: what the box says when no claim stands for it and a later one
            exists; empty where it is then left out.
    """

    id: str
    label: str
    predicates: tuple[str, ...]
    match: re.Pattern[str] | None
    at: str
    place: str
    missing: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All wording, typed. The fields are those of the rule file."""

    voices: dict[str, VoicePhrase]
    unplaced_who: str
    unplaced_tag: str
    unplaced_retold_tag: str
    nobody: dict[str, str]
    no_outlet: str
    no_outlet_retold: str
    speakers: dict[str, str]
    same_kind: str
    same_kind_held: str
    denied_indicator: str
    invented: str
    generic_speakers: frozenset[str]
    province_word: re.Pattern[str]
    provinces: dict[str, str]
    limits: tuple[Limit, ...]
    subjects: dict[str, Subject]
    no_subject: Subject
    many_words: frozenset[str]
    held_words: frozenset[str]
    site_kinds: dict[str, SiteKind]
    verbs: frozenset[str]
    clause_sign: re.Pattern[str]
    trims: dict[str, re.Pattern[str]]
    values: dict[str, dict[str, str]]
    clauses: dict[str, tuple[Clause, ...]]
    without_that: dict[str, str]
    free_preference: str
    comparators: dict[str, str]
    units: dict[str, str]
    themes: tuple[Theme, ...]
    photograph_title: str
    signs_title: str
    denials_title: str
    lead_order: tuple[str, ...]
    clauses_per_voice: int
    labels: dict[str, str]
    labels_shown: int
    label_ends: re.Pattern[str]
    same_labels: dict[str, str]
    chain: tuple[Box, ...]
    side: tuple[Box, ...]


def _subject(row: dict[str, Any]) -> Subject:
    return Subject(str(row["phrase"]), row["number"] == "many", bool(row["held"]))


def _box(row: dict[str, Any]) -> Box:
    return Box(
        str(row["id"]),
        str(row["label"]),
        tuple(row["predicates"]),
        _pattern(row.get("match", "")),
        str(row.get("at", "")),
        str(row.get("place", "")),
        str(row.get("missing", "")),
    )


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None


CLAUSE_FIELDS = frozenset({"shape", "when", "one", "many", "held", "there", "whole"})


def _clause(row: dict[str, str]) -> Clause:
    unknown = set(row) - CLAUSE_FIELDS
    if unknown or bool(row.get("whole")) == bool(row.get("many")):
        raise InputError(
            f"a clause needs either whole or many, and no other key: {sorted(row)}",
            where=PHRASES_FILE,
            to_do="correct the row under clauses",
        )
    return Clause(
        Shape(row["shape"]) if "shape" in row else None,
        _pattern(row.get("when", "")),
        row.get("one", ""),
        row.get("many", ""),
        row.get("held", ""),
        row.get("there", ""),
        row.get("whole", ""),
    )


@cache
def phrasebook() -> Phrasebook:
    """Return the wording of this version.

    Raises:
        InputError: the rule file is missing or has another schema.
    """
    rows = load_rules(PHRASES_FILE, PHRASES_SCHEMA)
    return Phrasebook(
        voices={name: VoicePhrase(**row) for name, row in rows["voices"].items()},
        unplaced_who=rows["unplaced"]["who"],
        unplaced_tag=rows["unplaced"]["tag"],
        unplaced_retold_tag=rows["unplaced"]["retold_tag"],
        nobody=rows["nobody"],
        no_outlet=rows["no_outlet"],
        no_outlet_retold=rows["no_outlet_retold"],
        speakers=rows["speakers"],
        same_kind=rows["same_kind"],
        same_kind_held=rows["same_kind_held"],
        denied_indicator=rows["denied_indicator"],
        invented=rows["invented"],
        generic_speakers=frozenset(word.casefold() for word in rows["generic_speakers"]),
        province_word=re.compile(rows["province_word"]),
        provinces=rows["provinces"],
        limits=tuple(
            Limit(row["word"], re.compile("|".join(row["find"]), re.IGNORECASE), row["where"])
            for row in rows["limits"]
        ),
        subjects={name: _subject(row) for name, row in rows["subjects"].items()},
        no_subject=_subject(rows["no_subject"]),
        many_words=frozenset(rows["many_words"]),
        held_words=frozenset(rows["held_words"]),
        site_kinds=site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA)),
        verbs=frozenset(rows["verbs"]),
        clause_sign=re.compile(rows["clause_sign"], re.IGNORECASE),
        trims={name: re.compile(text) for name, text in rows["trims"].items()},
        values=rows["values"],
        clauses={
            name: tuple(_clause(row) for row in cases) for name, cases in rows["clauses"].items()
        },
        without_that=rows["without_that"],
        free_preference=rows["free_preference"],
        comparators=rows["comparators"],
        units=rows["units"],
        themes=tuple(
            Theme(row["id"], row["title"], tuple(row["predicates"])) for row in rows["themes"]
        ),
        photograph_title=rows["photograph_title"],
        signs_title=rows["signs_title"],
        denials_title=rows["denials_title"],
        lead_order=tuple(rows["lead"]["order"]),
        clauses_per_voice=int(rows["lead"]["clauses_per_voice"]),
        labels=rows["labels"],
        labels_shown=int(rows["mechanism"]["labels_shown"]),
        label_ends=re.compile(rows["mechanism"]["label_ends"]),
        same_labels=rows["mechanism"]["same"],
        chain=tuple(_box(row) for row in rows["mechanism"]["chain"]),
        side=tuple(_box(row) for row in rows["mechanism"]["side"]),
    )
