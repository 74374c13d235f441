"""Testimony: what a person said to an interviewer, and what may be done with it.

Laws:
1. The speaker has a code. No output bears a name: of the speaker, of a protected person, of
   the interviewer or of the interpreter.
2. Consent names its purposes. What it doesn't name isn't done.
3. The date is a month or a year, the place a country or a province. Coordinates are never
   taken in; a finer place only where the record says that the person agreed to it.
4. A record says only what this module knows: an unknown key is refused, not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Audience

_Choice = TypeVar("_Choice", bound=StrEnum)

SCHEMA = "witnessmark/testimony/1"
LONGEST_WORDS = 400
LONGEST_CODE = 40
LEAST_OF_A_NAME = 2
"""Letters of a name: one letter stands in every word."""


class Role(StrEnum):
    """Why a person is protected."""

    SOURCE = "source"
    DETAINEE = "detainee"
    KIN = "kin"


class Obtained(StrEnum):
    """How consent was given."""

    WRITTEN = "written"
    RECORDED = "recorded"
    ORAL = "oral"


@dataclass(frozen=True, slots=True)
class ProtectedPerson:
    """A person whom no machine may index, match or propose.

    Attributes:
        role: why.
        names: every spelling that is known, in any script.
    """

    role: Role
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the speaker agreed to.

    Attributes:
        purposes: what the testimony may be used for.
        how: how consent was given.
        date: when, ISO 8601: a day, a month or a year.
        conditions: what was agreed beside it, else empty.
        finer_place: whether a place finer than a province may be kept.
        withdrawn_at: when it was withdrawn, else empty; such a record is never taken in.
    """

    purposes: tuple[Audience, ...]
    how: Obtained
    date: str
    conditions: str = ""
    finer_place: bool = False
    withdrawn_at: str = ""

    def allows(self, purpose: Audience) -> bool:
        """Return whether the testimony may be used for *purpose*."""
        return purpose in self.purposes and not self.withdrawn_at


@dataclass(frozen=True, slots=True)
class Testimony:
    """One interview; its recordings, notes and translations are sources that name it.

    Attributes:
        id: ``t1``, ``t2`` … in the order of capture; a number is never given twice.
        code: how outputs call the speaker; never a name.
        consent: what may be done with it.
        interviewer: who asked; in no output.
        interpreter: who interpreted, else empty; in no output.
        language: BCP 47 code of the language that was spoken.
        date: of the interview, ``YYYY-MM`` or ``YYYY``.
        country: ISO 3166-1 alpha-2 of the place that it speaks of.
        province: province or region, else empty.
        place: a finer place, by consent only, else empty; in no output.
        protected: persons whom no machine may index.
        files: names of the files as they were given, for the keeper alone.
    """

    __test__ = False  # not a test, whatever its name begins with

    id: str
    code: str
    consent: Consent
    interviewer: str
    interpreter: str
    language: str
    date: str
    country: str
    province: str = ""
    place: str = ""
    protected: tuple[ProtectedPerson, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Return the place as coarsely as an output may say it."""
        return ", ".join(part for part in (self.province, self.country) if part)

    @property
    def scope(self) -> str:
        """Return the purposes that the speaker agreed to, in words."""
        return ", ".join(self.consent.purposes)

    def names(self) -> tuple[str, ...]:
        """Return every name that no output may bear."""
        people = [name for person in self.protected for name in person.names]
        return tuple(name for name in (*people, self.interviewer, self.interpreter) if name)


TEMPLATE = f"""\
# The record of one testimony. Keep this file as safe as the testimony itself, and delete it
# when it has been taken in: its rows then stand in the sealed casebook.
schema: {SCHEMA}

# How every output calls the speaker. Never a name, nor initials.
code: W-01

consent:
  # What the speaker agreed to: internal, partner, filing, public.
  purposes: [internal]
  how: written            # written, recorded or oral
  date: "2026-10"         # a day, a month or a year
  conditions: ""          # for example: not before a date, not with a certain body
  finer_place: false      # true only if the speaker agreed to a place finer than a province

interviewer: ""           # needed; stays in the sealed casebook
interpreter: ""
language: ko              # that was spoken: a BCP 47 code
date: "2026-10"           # of the interview: a month or a year, never a day

# What it speaks of, as coarsely as this. No coordinates.
place:
  country: KP             # ISO 3166-1, two letters
  province: ""
  detail: ""              # only with finer_place: true

# Persons whom no machine may index, match or propose: the speaker, people held, their kin.
# List every spelling in every script that stands in the files, nicknames too.
protected:
  - role: source          # source, detainee or kin
    names: []
"""
"""The record to fill in, as ``witnessmark testimony template`` prints it."""

_KEYS = (
    frozenset({"schema", "code", "consent", "interviewer", "language", "date", "place"}),
    frozenset({"interpreter", "protected"}),
)
_CONSENT = (
    frozenset({"purposes", "how", "date"}),
    frozenset({"conditions", "finer_place", "withdrawn_at"}),
)
_PLACE = (frozenset({"country"}), frozenset({"province", "detail"}))
_PERSON = (frozenset({"role", "names"}), frozenset[str]())

_MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_DAY = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_COORDINATE = re.compile(r"\d[.,]\d{2}|[°º′″]|\d\s*[NSEWnsew]\b|\b[NSEW]\s*\d")
_FINER = re.compile(
    r"\b(?:county|district|city|town|township|village|street|block|camp|prison|ward)\b"
    r"|-(?:gun|kun|ri|dong|si|gu|up|myon|myeon)\b"
    r"|(?:군|구역|구|동|리|읍|면|교화소|수용소|단련대)(?:$|\s)|(?<![별할역])시(?:$|\s)"
    r"|[县縣镇鎮村]|监狱|監獄",
    re.IGNORECASE,
)


def parse_testimony(record: object, *, key: str, where: str) -> Testimony:
    """Return the testimony that *record* describes.

    Args:
        record: what the record file holds.
        key: the id that it gets.
        where: name of the record file, for errors.

    Raises:
        InputError: the record is wrong; the key is named.
    """
    top = _checked(record, _KEYS, where)
    if top["schema"] != SCHEMA:
        raise _wrong("this is no testimony record of this version", where, f"schema: {SCHEMA}")
    consent = _consent(top["consent"], f"{where}, consent")
    place = _checked(top["place"], _PLACE, f"{where}, place")
    found = Testimony(
        id=key,
        code=_code(top["code"], f"{where}, code"),
        consent=consent,
        interviewer=_words(top["interviewer"], f"{where}, interviewer", needed=True),
        interpreter=_words(top.get("interpreter"), f"{where}, interpreter"),
        language=_like(top["language"], _LANGUAGE, f"{where}, language", "a code such as ko"),
        date=_like(
            top["date"], _MONTH, f"{where}, date", "a month or a year, 2026-10 or 2026, no day"
        ),
        country=_like(place["country"], _COUNTRY, f"{where}, place.country", "a code such as KP"),
        province=_province(place.get("province"), f"{where}, place.province"),
        place=_detail(place.get("detail"), consent, f"{where}, place.detail"),
        protected=_people(top.get("protected"), f"{where}, protected"),
    )
    if not any(person.role is Role.SOURCE for person in found.protected):
        raise _wrong(
            "the speaker is not among the protected persons",
            f"{where}, protected",
            "list him or her with role: source and every spelling that stands in the files",
        )
    return found


def _consent(given: object, where: str) -> Consent:
    found = _checked(given, _CONSENT, where)
    purposes = found["purposes"]
    if not isinstance(purposes, Sequence) or isinstance(purposes, str) or not purposes:
        raise _wrong("consent names no purpose", f"{where}.purposes", f"give a list: {_PURPOSES}")
    named = {_one_of(Audience, one, f"{where}.purposes") for one in purposes}
    finer = found.get("finer_place", False)
    if not isinstance(finer, bool):
        raise _wrong(
            "this is neither true nor false", f"{where}.finer_place", "write true or false"
        )
    if _words(found.get("withdrawn_at"), f"{where}.withdrawn_at"):
        raise _wrong(
            "the consent was withdrawn", f"{where}.withdrawn_at", "don't take this testimony in"
        )
    return Consent(
        purposes=tuple(one for one in Audience if one in named),
        how=_one_of(Obtained, found["how"], f"{where}.how"),
        date=_like(found["date"], _DAY, f"{where}.date", "a day, a month or a year: 2026-10"),
        conditions=_words(found.get("conditions"), f"{where}.conditions"),
        finer_place=finer,
    )


_PURPOSES = ", ".join(Audience)


def _people(given: object, where: str) -> tuple[ProtectedPerson, ...]:
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise _wrong("this is no list", where, "begin each person with '- role:'")
    found: list[ProtectedPerson] = []
    for number, one in enumerate(given, start=1):
        place = f"{where} {number}"
        person = _checked(one, _PERSON, place)
        names = person["names"]
        if not isinstance(names, Sequence) or isinstance(names, str) or not names:
            raise _wrong("a protected person has no name", place, "give names as a list, each once")
        spelt = [_words(name, f"{place}.names", needed=True) for name in names]
        if any(sum(map(str.isalnum, name)) < LEAST_OF_A_NAME for name in spelt):
            raise _wrong(
                "a name of one letter cannot be told from other words",
                f"{place}.names",
                "write the name in full",
            )
        role = _one_of(Role, person["role"], f"{place}.role")
        found.append(ProtectedPerson(role, tuple(dict.fromkeys(spelt))))
    return tuple(found)


def _code(given: object, where: str) -> str:
    code = _words(given, where, needed=True)
    if len(code) > LONGEST_CODE or not re.search(r"\d", code):
        raise _wrong(
            "the code must hold a number and be short, so that it is no name",
            where,
            "write for example W-01",
        )
    return code


def _province(given: object, where: str) -> str:
    province = _words(given, where)
    if re.search(r"\d", province) or _COORDINATE.search(province):
        raise _wrong("this is a coordinate or an address", where, "name the province, or nothing")
    if _FINER.search(province):
        raise _wrong(
            "this is finer than a province", where, "name the province it lies in, or nothing"
        )
    return province


def _detail(given: object, consent: Consent, where: str) -> str:
    place = _words(given, where)
    if place and not consent.finer_place:
        raise _wrong(
            "a place finer than a province needs the speaker's consent",
            where,
            "leave it out, or set consent.finer_place to true if the speaker agreed",
        )
    if _COORDINATE.search(place):
        raise _wrong("coordinates are never taken in", where, "name the place, or nothing")
    return place


def _checked(
    given: object, keys: tuple[frozenset[str], frozenset[str]], where: str
) -> dict[str, object]:
    """Return the mapping *given* if it has the keys it must have and no others."""
    needed, allowed = keys
    if not isinstance(given, Mapping):
        raise _wrong("this is no record", where, "begin with witnessmark testimony template")
    found = {str(key): value for key, value in given.items()}
    for unknown in sorted(set(found) - needed - allowed):
        raise _wrong(
            f"the key {unknown!r} is not known", where, "take it out, or look at the template"
        )
    for missing in sorted(needed - set(found)):
        raise _wrong(f"the key {missing!r} is missing", where, "fill it in, as in the template")
    return found


def _words(given: object, where: str, *, needed: bool = False) -> str:
    if given is None:
        given = ""
    if not isinstance(given, str):
        raise _wrong("this is no text", where, "put it in quotes")
    text = " ".join(given.split())
    if needed and not text:
        raise _wrong("this is empty", where, "fill it in")
    if len(text) > LONGEST_WORDS or not text.isprintable():
        raise _wrong(
            f"this is longer than {LONGEST_WORDS} signs or unprintable", where, "shorten it"
        )
    return text


def _like(given: object, pattern: re.Pattern[str], where: str, wanted: str) -> str:
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise _wrong("this cannot be read", where, f"write {wanted}, in quotes")
    return text


def _one_of(kind: type[_Choice], given: object, where: str) -> _Choice:
    for one in kind:
        if one == given:
            return one
    raise _wrong(f"{given!r} is none of them", where, f"choose from {', '.join(kind)}")


def _wrong(what: str, where: str, to_do: str) -> InputError:
    return InputError(what, where=where, to_do=to_do)
