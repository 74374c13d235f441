"""Protected names: the one place that knows them, and keeps them out of every index.

Laws:
1. A name that a testimony's record protects is matched across spacing, case, width, accents,
   hyphens and the order of its parts; every spelling in every script that the record lists counts.
2. The store keeps the exclusion, not its callers: what is written passes :func:`admitted`.
   A reading, actor, product or proposal that would hold such a name is not written; a mention
   keeps its words and loses the normal form by which it would be found.
3. Testimony stands in a sealed casebook or nowhere.
4. What consent doesn't allow is not read: no claim or mention of such a source is written.
5. What is shown is masked, sign for sign, so that every offset still holds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Self, TypeVar

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Audience
from witnessmark.store.tables import (
    ACTORS,
    CLAIMS,
    CONVERTER,
    JUDGEMENTS,
    MENTIONS,
    MERGES,
    PLACES,
    PRODUCTS,
    SOURCES,
    TESTIMONIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.claim import Mention
    from witnessmark.core.source import Source
    from witnessmark.core.testimony import Testimony
    from witnessmark.store.casebook import Casebook
    from witnessmark.store.tables import Shelf

Row = TypeVar("Row")

MASK = "█"
"""What stands in the place of each sign of a protected name; no letter, so no word is made."""

INDEXES = (PLACES, ACTORS, PRODUCTS, MERGES)
"""Tables by which things are found and joined: no protected name stands in them."""

_SPACELESS = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)
"""Scripts that write no space between a name and what follows it."""

_LAY_IN = re.compile(r"(\w+)\b.* of (s\d+)", re.DOTALL)
"""Where a member lay: ``member a/b.txt of s9``."""


@dataclass(frozen=True, slots=True)
class ProtectedNames:
    """The names that the testimonies of a case protect.

    Attributes:
        keys: the names as they are compared: letters and digits only, each part order.
    """

    keys: frozenset[str]

    @classmethod
    def of(cls, testimonies: Iterable[Testimony]) -> Self:
        """Return the names of *testimonies*, interviewers and interpreters among them."""
        return cls(
            frozenset(
                key for row in testimonies for name in row.names() for key in _orders(name) if key
            )
        )

    def is_protected(self, name: str) -> bool:
        """Return whether *name* is a protected name, however it is written."""
        return _key(name)[0] in self.keys

    def within(self, text: str) -> bool:
        """Return whether a protected name stands anywhere in *text*."""
        return bool(self._places(text))

    def masked(self, text: str) -> str:
        """Return *text* with each protected name masked, sign for sign.

        Example:
            >>> ProtectedNames(frozenset({"xyzzy"})).masked("said X-yzzy, who")
            'said ██████, who'
        """
        places = self._places(text)
        if not places:
            return text
        signs = list(text)
        for start, end in places:
            signs[start:end] = MASK * (end - start)
        return "".join(signs)

    def masked_row(self, row: Row) -> Row:
        """Return *row* with every string in it masked."""
        if not self.keys:
            return row
        plain: Any = CONVERTER.unstructure(row)
        veiled = self._veiled(plain)
        return row if veiled == plain else CONVERTER.structure(veiled, type(row))

    def in_row(self, row: object) -> bool:
        """Return whether a protected name stands in any string of *row*."""
        return bool(self.keys) and any(self.within(text) for text in strings(row))

    def _veiled(self, value: Any) -> Any:  # noqa: ANN401 - plain JSON values
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, dict):
            return {key: self._veiled(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self._veiled(part) for part in value]
        return value

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return where names stand, as half-open ranges of *text*."""
        if not self.keys or not text:
            return []
        squeezed, origins = _key(text)
        found: list[tuple[int, int]] = []
        for key in self.keys:
            at = squeezed.find(key)
            while at >= 0:
                start, end = origins[at], origins[at + len(key) - 1] + 1
                if _stands_alone(text, start, end):
                    found.append((start, end))
                at = squeezed.find(key, at + 1)
        return sorted(found)


def _key(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of *text* as they are compared, and where each came from."""
    kept: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(text):
        # decomposed, so that accents and wide forms fall away; a Hangul syllable becomes letters
        for part in unicodedata.normalize("NFKD", sign).casefold():
            if part.isalnum():
                kept.append(part)
                origins.append(place)
    return "".join(kept), origins


def _orders(name: str) -> set[str]:
    """Return *name* as it is compared, family name first or last."""
    parts = [key for part in re.split(r"[\s,]+", name) if (key := _key(part)[0])]
    turned = {"".join(parts[at:] + parts[:at]) for at in range(len(parts))}
    return turned | {_key(name)[0]}


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether the name at the place is no part of a longer word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    # file names glue words by their capitals: interviewHongGildongNotes
    return not (
        (_joins(before, text[start]) and not (before.islower() and text[start].isupper()))
        or (_joins(after, text[end - 1]) and not (text[end - 1].islower() and after.isupper()))
    )


def _joins(neighbour: str, sign: str) -> bool:
    """Return whether both signs are of one word; a figure is no part of a word of letters."""
    same = neighbour.isalpha() or (neighbour.isalnum() and not sign.isalpha())
    return same and not (_SPACELESS.match(neighbour) or _SPACELESS.match(sign))


def strings(value: object) -> list[str]:
    """Return every string in *value*, a core type or plain JSON values."""
    plain: Any = CONVERTER.unstructure(value)
    pending, found = [plain], list[str]()
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, dict):
            pending += [*part, *part.values()]
        elif isinstance(part, list | tuple):
            pending += part
    return found


def protected_names(casebook: Casebook) -> ProtectedNames:
    """Return the names that *casebook* protects."""
    return ProtectedNames.of(casebook.rows(TESTIMONIES))


def withheld(casebook: Casebook, audience: Audience) -> dict[str, str]:
    """Return the sources that no output for *audience* may rest on, each with the reason."""
    consents = {row.id: row for row in casebook.rows(TESTIMONIES)}
    return {
        source.id: f"the consent to testimony {source.testimony} does not include {audience} use"
        for source in casebook.rows(SOURCES)
        if source.testimony
        and not (
            source.testimony in consents and consents[source.testimony].consent.allows(audience)
        )
    }


def admitted(
    casebook: Casebook, shelf: Shelf[Any], rows: Iterable[Any], *, sealed: bool, fresh: bool
) -> Sequence[Any]:
    """Return the rows of *rows* that may be written to *shelf*.

    Args:
        casebook: what they are written to.
        shelf: the table.
        rows: new rows.
        sealed: whether the casebook is encrypted.
        fresh: whether they are added, not put in place of all others.

    Raises:
        InputError: testimony was to be written to a plain case, or a reason names a
            protected person.
    """
    given = tuple(rows)
    if shelf is TESTIMONIES:
        _refuse_plain(bool(given), sealed=sealed)
    elif shelf is SOURCES:
        return [_neutral(casebook, row, given, sealed=sealed) for row in given]
    elif sealed and shelf in (CLAIMS, MENTIONS):
        return _consented(casebook, given, mentions=shelf is MENTIONS)
    elif sealed and shelf is JUDGEMENTS and fresh:
        _refuse_named(casebook, given)
    elif sealed and shelf in INDEXES:
        return _unindexed(casebook, shelf, given)
    return given


def _consented(casebook: Casebook, rows: Sequence[Any], *, mentions: bool) -> Sequence[Any]:
    closed = withheld(casebook, Audience.INTERNAL)
    kept = [row for row in rows if row.source not in closed]
    names = protected_names(casebook)
    if not mentions or not names.keys:
        return kept
    # the words stay as they were read; the normal form by which they'd be found goes
    return [replace(row, norm="") if _of_name(row, names) else row for row in kept]


def _refuse_named(casebook: Casebook, rows: Sequence[Any]) -> None:
    names = protected_names(casebook)
    if any(names.in_row(row) for row in rows):
        raise InputError(
            "the reason or the name given is that of a protected person",
            where=JUDGEMENTS.name,
            to_do="say it without the name",
        )


def _unindexed(casebook: Casebook, shelf: Shelf[Any], rows: Sequence[Any]) -> Sequence[Any]:
    names = protected_names(casebook)
    if not names.keys:
        return rows
    if shelf is MERGES:
        known = {actor.id for actor in casebook.rows(ACTORS) if not actor.protected}
        rows = [row for row in rows if {row.left, row.right} <= known]
    return [row for row in rows if not names.in_row(row)]


def _of_name(mention: Mention, names: ProtectedNames) -> bool:
    return names.is_protected(mention.quote) or names.within(mention.norm)


def _refuse_plain(given: bool, *, sealed: bool) -> None:  # noqa: FBT001 - a private question
    if given and not sealed:
        raise InputError(
            "a plain case takes no testimony",
            where="capture_testimonies",
            to_do="make a sealed case (one with a passphrase) and add it there",
        )


def _neutral(casebook: Casebook, row: Source, beside: Sequence[Source], *, sealed: bool) -> Source:
    """Return a source as it is kept: that of a testimony bears no name that was given to it."""
    testimony = row.testimony
    if row.copy_of and not testimony:
        # a copy falls under the consent that its original falls under
        originals = {one.id: one.testimony for one in (*casebook.rows(SOURCES), *beside)}
        testimony = originals.get(row.copy_of, "")
    if not testimony:
        return row
    _refuse_plain(given=True, sealed=sealed)
    ending = PurePath(row.name).suffix.lower()
    label = f"{testimony}-{row.id}{ending if re.fullmatch(r'[.][a-z0-9]{1,5}', ending) else ''}"
    # of a member only where it lay is kept, by number: its path may name who spoke
    lay = _LAY_IN.fullmatch(row.origin)
    return replace(
        row,
        testimony=testimony,
        name=label,
        title=label,
        outlet="",
        published="",
        url="",
        origin=f"{lay[1]} of {lay[2]}" if lay else row.origin,
        note=protected_names(casebook).masked(row.note),
    )
