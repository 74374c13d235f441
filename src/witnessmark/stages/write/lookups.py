"""What the template asks for: small look-ups by number, id or state.

Law: pure; a look-up finds or formats, it never decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.interval import two_figures
from witnessmark.core.provenance import CODE_PRINTS, INVENTED, PARAPHRASE
from witnessmark.core.source import Standing
from witnessmark.stages.write.context import marked
from witnessmark.stages.write.earlier import copy_words, earlier_words
from witnessmark.stages.write.goods import share, weight
from witnessmark.stages.write.highlight import leaves_of
from witnessmark.stages.write.origins import NOT_WEIGHED
from witnessmark.stages.write.pictures import picture_note
from witnessmark.stages.write.sites import candidate_words
from witnessmark.stages.write.voices import voice_of
from witnessmark.stages.write.whereabouts import place_in_original
from witnessmark.stages.write.wording import table_words, unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.interval import Input
    from witnessmark.core.provenance import Code
    from witnessmark.core.span import Span
    from witnessmark.stages.write.context import Stretch
    from witnessmark.stages.write.exhibits import Exhibit, Pair
    from witnessmark.stages.write.highlight import Leaf, Leaves, Strip
    from witnessmark.stages.write.material import Material
    from witnessmark.stages.write.outline import Outline
    from witnessmark.stages.write.phrasebook import Phrasebook
    from witnessmark.stages.write.sentences import Sentence

GLYPHS = {
    "present": "●",
    "partly": "◐",
    "contrary": "◇",
    "looked_not_found": "∅",
    "source_silent": "–",
    "met": "●",
    "not_met": "○",
    "unknown": "?",
    "not_applicable": "–",
    "not_yet_applicable": "–",
}
"""A sign beside the word of every state; never the sign alone."""
STANDING_MARKS = {Standing.PARAPHRASE: PARAPHRASE, Standing.INVENTED: INVENTED}
RENDERINGS = {
    "identity": "as printed",
    "html": "text of the page",
    "pdf-text": "text layer of the PDF",
    "ocr": "read from an image (OCR)",
    "translation": "translation",
    "table": "cells of the table",
}


@dataclass(frozen=True)
class Lookups:
    """The look-ups of one dossier; every public method is a function of the template."""

    outline: Outline
    material: Material
    book: Phrasebook

    def __post_init__(self) -> None:
        """Index what is asked for most."""
        exhibits = self.outline.exhibits
        self.__dict__["_by_number"] = {row.number: row for row in exhibits}
        self.__dict__["_number_of"] = {key: row.number for row in exhibits for key in row.ids}
        self.__dict__["_sources"] = {row.id: row for row in self.material.sources}
        self.__dict__["_made"] = {
            row.id: RENDERINGS[row.rendering.value] for row in self.material.renditions
        }
        self.__dict__["_renditions"] = {row.id: row for row in self.material.renditions}
        self.__dict__["_leaves"] = leaves_of(
            exhibits, self.__dict__["_renditions"], self.material.texts, self.material.sheets
        )

    def functions(self) -> dict[str, Any]:
        """Return every look-up by its name."""
        own = {name: getattr(self, name) for name in vars(type(self)) if not name.startswith("_")}
        del own["functions"]
        return {**own, "weight": weight, "share": share, "candidate": candidate_words}

    def exhibit(self, number: int) -> Exhibit:
        """Return the exhibit with *number*."""
        found: Exhibit = self.__dict__["_by_number"][number]
        return found

    def numbers(self, keys: Sequence[str]) -> tuple[int, ...]:
        """Return the numbers of the exhibits on which the claims *keys* rest."""
        known: dict[str, int] = self.__dict__["_number_of"]
        return tuple(sorted({known[key] for key in keys if key in known}))

    def ids_of(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """Return the claims that rest on the exhibits *numbers*."""
        return tuple(key for number in numbers for key in self.exhibit(number).ids)

    def tag(self, claim: Claim) -> str:
        """Return the short form of the voice of *claim*."""
        return voice_of(claim, self.__dict__["_sources"][claim.source], self.book).tag

    def who(self, claim: Claim) -> str:
        """Return who speaks, without the source, for where the source is named already."""
        return self.tag(claim).split(", via ")[0].split(", paraphrased in ")[0]

    def cut(self, exhibit: Exhibit, span: Span) -> tuple[Stretch, ...]:
        """Return *span* of the rendition with the quote of *exhibit* marked."""
        text = self.material.texts[exhibit.rendition]
        return marked(text, span, [(exhibit.number, exhibit.span)])

    def source_marks(self, key: str) -> tuple[str, ...]:
        """Return what must be said of source *key* wherever it is used."""
        standing = self.__dict__["_sources"][key].standing
        return (STANDING_MARKS[standing],) if standing in STANDING_MARKS else ()

    def source_line(self, exhibit: Exhibit) -> str:
        """Return where the quote of *exhibit* stands, in one line."""
        source = self.__dict__["_sources"][exhibit.source]
        signs = f"signs {exhibit.span.start}–{exhibit.span.end}"
        place = ", ".join(word for word in (self.place(exhibit), signs) if word)
        copy = f", a {source.copy_kind} copy of {source.copy_of}" if source.copy_of else ""
        made = self.rendering(exhibit)
        return f"{source.id} {source.outlet or source.name}{copy}, {made}, {place}"

    def place(self, exhibit: Exhibit) -> str:
        """Return where the quote of *exhibit* stands in the original."""
        rendition = self.__dict__["_renditions"][exhibit.rendition]
        return place_in_original(rendition, self.material.texts[exhibit.rendition], exhibit.span)

    def picture(self, key: str) -> str:
        """Return the picture of source *key* as an address that holds it, or nothing."""
        return self.material.pictures.get(key, "")

    def picture_note(self, key: str) -> str:
        """Return why the picture of source *key* isn't shown."""
        return picture_note(self.__dict__["_sources"][key])

    def rendering(self, exhibit: Exhibit) -> str:
        """Return how the text of *exhibit* was made from the original."""
        return str(self.__dict__["_made"][exhibit.rendition])

    def renderer(self, exhibit: Exhibit) -> str:
        """Return the program that made the text of *exhibit*, and whether it was read anew."""
        row = self.__dict__["_renditions"][exhibit.rendition]
        older = "; an earlier reading: the source was read anew since"
        return f"{row.renderer}{older if row.id in self.material.older else ''}"

    def leaves(self, exhibit: Exhibit) -> tuple[Leaf, ...]:
        """Return the page images of *exhibit*."""
        found: Leaves = self.__dict__["_leaves"]
        return found.by_number.get(exhibit.number, ())

    def strips(self) -> tuple[Strip, ...]:
        """Return the strips of pages that the exhibits look at."""
        found: Leaves = self.__dict__["_leaves"]
        return found.strips

    def earlier(self, claim: Claim) -> tuple[str, ...]:
        """Return what people decided about this claim on an earlier reading of the source."""
        return earlier_words(claim, self.material)

    def copy_words(self, key: str) -> str:
        """Return what source *key* is a copy of, or which copies stand beside it."""
        return copy_words(self.__dict__["_sources"][key], self.material.sources)

    def beside(self, exhibit: Exhibit) -> tuple[Exhibit, ...]:
        """Return the exhibits in another language that say the same."""
        return self.outline.parallels.get(exhibit.number, ())

    def value(self, claim: Claim) -> str:
        """Return the value of *claim* in words."""
        return table_words(claim, self.book, self.outline.names)

    def pair_label(self, pair: Pair) -> str:
        """Return what both sides of *pair* say."""
        rows = [claim for claim in pair.left.claims if claim.id in pair.claims]
        words = (f"{c.predicate.value.replace('_', ' ')}: {self.value(c)}" for c in rows)
        return "; ".join(dict.fromkeys(words))

    def bounds(self, part: Input) -> str:
        """Return the bounds of an input."""
        low, high = two_figures(part.low), two_figures(part.high)
        return low if low == high else f"{low} to {high}"

    def unit(self, text: str) -> str:
        """Return a unit in words."""
        return unit_words(text, self.book)

    def margin(self, sentence: Sentence) -> tuple[int, ...]:
        """Return one exhibit per language, for the margin beside *sentence*."""
        langs = {self.exhibit(n).lang: n for n in reversed(sentence.exhibits)}
        return tuple(sorted(langs.values()))

    def gap_claims(self, key: str) -> tuple[str, ...]:
        """Return the claims about what the gap *key* names."""
        return next((row.claims for row in self.outline.gaps if row.gap.id == key), ())

    def log_of(self, key: str) -> str:
        """Return where the custody log holds the source *key*."""
        leaves = [row.leaf for row in self.material.custody if row.subject == key]
        return f"leaf {leaves[0]} of {len(self.material.custody)}" if leaves else "no entry"

    def origin(self, key: str) -> str:
        """Return the labels of the origins of source *key*."""
        return self.outline.origins.get(key, "") if self.material.origins else NOT_WEIGHED

    def code(self, value: Code) -> str:
        """Return how far a statement was checked."""
        return CODE_PRINTS[value]

    def glyph(self, state: str) -> str:
        """Return the sign of a state."""
        return GLYPHS[state]

    def words(self, state: str) -> str:
        """Return a state in words."""
        return state.replace("_", " ")
