"""Who says it: the voice of a claim, in words.

Laws:
1. Every factual sentence names its voice.
2. An unnamed person is placed in the province that the text states, nothing narrower,
   and in none where the text states none.
3. A witness or survivor is never named.
4. What a paraphrase tells says so, with the source that holds the paraphrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import UNNAMED, Attribution, Modality
from witnessmark.core.source import Standing

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source
    from witnessmark.stages.write.phrasebook import Phrasebook


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice of one or more claims.

    Attributes:
        opening: ``A person in North Pyongan province, unnamed, told Daily NK that``.
        who: the speaker alone.
        tag: short form beside a quote.
        denies: whether the opening denies what follows.
    """

    opening: str
    who: str
    tag: str
    denies: bool


def voice_of(claim: Claim, source: Source, book: Phrasebook) -> Voice:
    """Return the voice of *claim*, which *source* makes."""
    phrase = book.voices[claim.attribution.value]
    denies = claim.modality is Modality.DENIED
    retold = source.standing is Standing.PARAPHRASE
    speaker = _speaker(claim, book)
    if claim.attribution is Attribution.NAMED_SOURCE and _is_outlet(speaker, source):
        phrase = book.voices[Attribution.AUTHOR.value]
    by_author = phrase is book.voices[Attribution.AUTHOR.value]
    nobody = book.no_outlet_retold if retold else book.no_outlet
    province = province_of(claim.speaker, book)
    who, tag = phrase.who, phrase.retold_tag if retold else phrase.tag
    if claim.attribution is Attribution.ANONYMOUS_SOURCE and not province:
        who = book.unplaced_who
        tag = book.unplaced_retold_tag if retold else book.unplaced_tag
    slots = {
        "outlet": source.outlet or nobody.format(source=source.id),
        "speaker": speaker,
        "province": province,
        "source": source.id,
    }
    who = _capital(who.format(**slots))
    if source.standing is Standing.INVENTED:
        who = book.invented + who[0].lower() + who[1:]
    if retold:
        verb = phrase.retold_denied if denies else phrase.retold
    elif denies:
        verb = phrase.denied
    else:
        verb = phrase.verb if source.outlet else phrase.bare
    comma = ", " if retold and by_author else " "
    opening = f"{who}{comma}{verb.format(**slots)}"
    who = who.rstrip(",")
    if retold:
        who = f"{who} (paraphrased in {source.id})"
    return Voice(opening, who, _capital(tag.format(**slots)), denies)


def _is_outlet(speaker: str, source: Source) -> bool:
    """Return whether the speaker is the source's own outlet (``Daily NK (데일리NK)``)."""
    return bool(source.outlet) and speaker.split(" (", maxsplit=1)[0] == source.outlet


def _speaker(claim: Claim, book: Phrasebook) -> str:
    speaker = claim.speaker.strip()
    if speaker.casefold() in book.generic_speakers:
        return book.nobody.get(claim.attribution.value, speaker)
    return book.speakers.get(speaker, speaker)


def shown_speaker(claim: Claim, book: Phrasebook) -> str:
    """Return the speaker of *claim* as an output may print it.

    An unnamed person is reduced to the province; a witness to nothing at all.
    """
    if claim.attribution not in UNNAMED:
        return claim.speaker
    province = province_of(claim.speaker, book)
    if claim.attribution is Attribution.ANONYMOUS_SOURCE and province:
        return f"unnamed person in {province}"
    return "unnamed person"


def province_of(speaker: str, book: Phrasebook) -> str:
    """Return the province that *speaker* states, else an empty text.

    Example:
        ``a source in North Pyongan province`` gives ``North Pyongan province``;
        ``a trader in Yomju county, North Pyongan`` gives the province alone.
    """
    found = book.province_word.search(speaker)
    if found:
        return found.group().replace("Province", "province")
    places = sorted(
        (speaker.find(name), -len(name), name) for name in book.provinces if name in speaker
    )
    return book.provinces[places[0][2]] if places else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
